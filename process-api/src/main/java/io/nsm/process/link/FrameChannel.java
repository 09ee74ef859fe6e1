package io.nsm.process.link;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;

/**
 * Frames over a blocking byte channel. One thread may read while another writes; no two may do the
 * same.
 */
public final class FrameChannel implements Closeable {
  /**
   * What goes through the channel at once: the JDK keeps a direct buffer of the largest size ever
   * used per thread, so a checkpoint in one piece would stay around twice.
   */
  private static final int SLICE = 64 << 10;

  private final ByteChannel channel;
  private final ByteBuffer in = ByteBuffer.allocateDirect(SLICE).flip();
  private final ByteBuffer out = ByteBuffer.allocateDirect(SLICE);

  public FrameChannel(ByteChannel channel) {
    this.channel = channel;
  }

  /**
   * Waits for the next frame.
   *
   * @param limit the largest accepted, in bytes after the length
   * @return what followed the length
   * @throws EOFException if the other end closed
   * @throws MalformedFrameException if the length is not possible
   */
  public ByteBuffer read(int limit) throws IOException {
    fill(4);
    int length = in.getInt();
    if (length < LinkLimits.HEADER || length > limit) {
      throw new MalformedFrameException(
          "a frame of "
              + Integer.toUnsignedString(length)
              + " bytes; expected "
              + LinkLimits.HEADER
              + " to "
              + limit);
    }
    byte[] frame = new byte[length];
    int done = 0;
    while (done < length) {
      fill(1);
      int piece = Math.min(in.remaining(), length - done);
      in.get(frame, done, piece);
      done += piece;
    }
    return ByteBuffer.wrap(frame);
  }

  /** Sends a whole frame; waits while the other end does not read. */
  public void write(ByteBuffer frame) throws IOException {
    while (frame.hasRemaining()) {
      int piece = Math.min(frame.remaining(), SLICE);
      out.clear().put(frame.slice(frame.position(), piece)).flip();
      while (out.hasRemaining()) {
        channel.write(out);
      }
      frame.position(frame.position() + piece);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private void fill(int needed) throws IOException {
    if (in.remaining() >= needed) {
      return;
    }
    in.compact();
    try {
      while (in.position() < needed) {
        if (channel.read(in) < 0) {
          throw new EOFException("the other end closed the link");
        }
      }
    } finally {
      in.flip();
    }
  }
}
