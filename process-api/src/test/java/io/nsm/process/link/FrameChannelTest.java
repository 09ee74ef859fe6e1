package io.nsm.process.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FrameChannelTest {

  @Test
  void reads_frames_however_they_arrive_in_pieces() throws Exception {
    for (int piece : new int[] {1, 3, 1000, 1 << 20}) {
      Pipe pipe = new Pipe(piece);
      FrameChannel channel = new FrameChannel(pipe);
      byte[] state = new byte[300_000];
      Arrays.fill(state, (byte) 7);
      channel.write(new ToAgent.Ready().frame());
      channel.write(new ToAgent.Save(1, 2, 3, state).frame());
      channel.write(new ToAgent.Heartbeat().frame());

      assertThat(next(channel)).isEqualTo(new ToAgent.Ready());
      assertThat(((ToAgent.Save) next(channel)).state()).isEqualTo(state);
      assertThat(next(channel)).isEqualTo(new ToAgent.Heartbeat());
      assertThatThrownBy(() -> next(channel)).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void refuses_a_frame_over_the_limit_before_it_makes_room_for_it() {
    for (int length : new int[] {-1, Integer.MIN_VALUE, 0, 9, LinkLimits.MAX_FRAME + 1}) {
      Pipe pipe = new Pipe(1000);
      pipe.write(ByteBuffer.allocate(4).putInt(0, length));

      assertThatThrownBy(() -> new FrameChannel(pipe).read(LinkLimits.MAX_FRAME))
          .isInstanceOf(MalformedFrameException.class)
          .hasMessageContaining("expected 10 to 16777216");
    }
  }

  @Test
  void says_that_the_link_was_closed_within_a_frame() {
    Pipe pipe = new Pipe(1000);
    pipe.write(ByteBuffer.allocate(8).putInt(0, 100));

    assertThatThrownBy(() -> new FrameChannel(pipe).read(LinkLimits.MAX_FRAME))
        .isInstanceOf(EOFException.class);
  }

  private static ToAgent next(FrameChannel channel) throws Exception {
    return ToAgent.read(channel.read(LinkLimits.MAX_FRAME));
  }

  /** What is written can be read, in pieces of a given size, and then it ends. */
  private static final class Pipe implements ByteChannel {
    private final int piece;
    private final byte[] content = new byte[1 << 20];
    private int written;
    private int read;

    Pipe(int piece) {
      this.piece = piece;
    }

    @Override
    public int read(ByteBuffer into) {
      int size = Math.min(piece, Math.min(written - read, into.remaining()));
      into.put(content, read, size);
      read += size;
      return size == 0 ? -1 : size;
    }

    @Override
    public int write(ByteBuffer from) {
      int size = from.remaining();
      from.get(content, written, size);
      written += size;
      return size;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
