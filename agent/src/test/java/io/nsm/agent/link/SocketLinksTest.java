package io.nsm.agent.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nsm.process.link.FrameChannel;
import io.nsm.process.link.HostTime;
import io.nsm.process.link.LinkLimits;
import io.nsm.process.link.ToAgent;
import io.nsm.process.link.ToAgent.Hello;
import io.nsm.process.link.ToAgent.MapCall;
import io.nsm.process.link.ToAgent.Operation;
import io.nsm.process.link.ToProcess;
import io.nsm.process.link.ToProcess.Extend;
import io.nsm.process.link.ToProcess.MapAnswered;
import io.nsm.process.link.ToProcess.MapStatus;
import io.nsm.process.link.ToProcess.Refused;
import io.nsm.process.link.ToProcess.SaveAnswered;
import io.nsm.process.link.ToProcess.SaveResult;
import io.nsm.process.link.ToProcess.Welcome;
import io.nsm.supervisor.grid.MapOperation;
import io.nsm.supervisor.grid.MapOperation.Fence;
import io.nsm.supervisor.grid.MapResult;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.Incarnation;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.model.RunId;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SocketLinksTest {
  private static final RunId RUN = new RunId(new Incarnation("inc"), 7);
  private static final ProcessName IMPORTER = new ProcessName("importer");
  private static final Links.Deadline DEADLINE = new Links.Deadline(123, 456);

  private final Path directory;
  private final Path socket;
  private final HeardEvents heard = new HeardEvents();

  SocketLinksTest(@TempDir Path directory) {
    this.directory = directory;
    this.socket = directory.resolve("run/agent.sock");
  }

  @Test
  void welcomes_a_run_that_knows_its_token() throws Exception {
    try (SocketLinks links = links();
        FrameChannel process = admitted()) {
      heard.expectNext("connected");
      links.extend(RUN, new Epoch(4), DEADLINE);

      assertThat(read(process)).isEqualTo(new Extend(4, new HostTime(123, 456)));
    }
  }

  @Test
  void refuses_a_wrong_token_and_an_unknown_run_and_a_first_word_that_is_no_hello()
      throws Exception {
    try (SocketLinks links = links()) {
      assertThat(refusal(new Hello("guess", RUN.toString(), 1, 0)))
          .startsWith("the token is not that of run inc-7");
      assertThat(refusal(new Hello("secret", "inc-8", 1, 0)))
          .isEqualTo("run 'inc-8' is not one that this agent expects");
      assertThat(refusal(new ToAgent.Ready()))
          .isEqualTo("the first message must be Hello, not Ready[]");
      links.dismiss(RUN);
      assertThat(refusal(new Hello("secret", RUN.toString(), 1, 0)))
          .isEqualTo("run 'inc-7' is not one that this agent expects");
      assertThat(heard.hasMore()).isFalse();
    }
  }

  @Test
  void makes_no_room_for_a_large_frame_of_somebody_unknown() throws Exception {
    try (SocketLinks links = links();
        SocketChannel raw = connect()) {
      raw.write(ByteBuffer.allocate(4).putInt(0, LinkLimits.MAX_FRAME));

      FrameChannel process = new FrameChannel(raw);
      assertThat(((Refused) read(process)).reason()).contains("expected 10 to 1024");
      assertThat(links).isNotNull();
    }
  }

  @Test
  void a_second_connection_of_a_run_replaces_the_first() throws Exception {
    try (SocketLinks links = links();
        FrameChannel first = admitted()) {
      heard.expectNext("connected");
      try (FrameChannel second = admitted(3)) {
        heard.expectNext("disconnected");
        heard.expectNext("connected in 3");
        assertThatThrownBy(() -> read(first)).isInstanceOf(EOFException.class);

        links.deactivate(RUN, new Epoch(3));
        assertThat(read(second)).isEqualTo(new ToProcess.Deactivate(3));
      }
      heard.expectNext("disconnected");
    }
  }

  @Test
  void hands_over_saves_and_answers_them() throws Exception {
    try (SocketLinks links = links();
        FrameChannel process = admitted()) {
      process.write(new ToAgent.Save(17, 3, 8, new byte[] {1}).frame());
      HeardEvents.AskedSave save = heard.saves.take();
      assertThat(save).isEqualTo(new HeardEvents.AskedSave(RUN, 17, new Epoch(3), 8));

      links.answerSave(RUN, 17, Links.SaveAnswer.TERM_ENDED);

      assertThat(read(process)).isEqualTo(new SaveAnswered(17, SaveResult.TERM_ENDED));
    }
  }

  @Test
  void bounds_what_a_process_may_have_unanswered() throws Exception {
    try (SocketLinks links = links();
        FrameChannel process = admitted()) {
      for (int i = 1; i <= LinkLimits.MAX_UNANSWERED_SAVES + 1; i++) {
        process.write(new ToAgent.Save(i, 3, i, new byte[0]).frame());
      }
      assertThat(read(process))
          .isEqualTo(new SaveAnswered(LinkLimits.MAX_UNANSWERED_SAVES + 1, SaveResult.UNKNOWN));
      assertThat(heard.saves).hasSize(LinkLimits.MAX_UNANSWERED_SAVES);

      links.answerSave(RUN, 1, Links.SaveAnswer.SAVED);
      process.write(new ToAgent.Save(9, 3, 9, new byte[0]).frame());
      assertThat(read(process)).isEqualTo(new SaveAnswered(1, SaveResult.SAVED));
      links.answerSave(RUN, 9, Links.SaveAnswer.SAVED);
      assertThat(read(process)).isEqualTo(new SaveAnswered(9, SaveResult.SAVED));
    }
  }

  @Test
  void fences_a_write_with_the_epochs_of_the_process_that_the_agent_knows() throws Exception {
    try (SocketLinks links = links();
        FrameChannel process = admitted()) {
      process.write(
          new MapCall(5, Operation.REPLACE, "flights", "a", 12, new byte[] {9}, OptionalLong.of(3))
              .frame());

      MapOperation.Replace replace = (MapOperation.Replace) heard.operations.take();
      assertThat(replace.fence()).contains(new Fence(IMPORTER, new Epoch(3)));
      assertThat(replace.version()).isEqualTo(12);
      links.answerMap(RUN, 5, new MapResult.Written(13));
      assertThat(read(process)).isEqualTo(new MapAnswered(5, MapStatus.WRITTEN, 13, List.of(), ""));
    }
  }

  @Test
  void an_answer_that_fits_no_frame_is_unknown() throws Exception {
    try (SocketLinks links = links();
        FrameChannel process = admitted()) {
      heard.expectNext("connected");
      MapResult.Entry entry = new MapResult.Entry("k", new byte[1 << 20], 1);
      links.answerMap(RUN, 5, new MapResult.Entries(Collections.nCopies(17, entry)));

      MapAnswered answer = (MapAnswered) read(process);
      assertThat(answer.status()).isEqualTo(MapStatus.UNKNOWN);
      assertThat(answer.reason()).contains("ask for fewer entries");
    }
  }

  @Test
  void a_process_that_does_not_read_loses_its_link_and_blocks_nobody() throws Exception {
    try (SocketLinks links = links();
        FrameChannel process = admitted()) {
      heard.expectNext("connected");
      Links.Saved large = new Links.Saved(new Epoch(1), 1, new byte[LinkLimits.MAX_CHECKPOINT]);
      for (int i = 0; i < 6; i++) {
        links.activate(RUN, new Epoch(2), DEADLINE, Optional.of(large));
      }

      heard.expectNext("disconnected");
      assertThat(process).isNotNull();
    }
  }

  @Test
  void a_process_that_breaks_the_protocol_loses_its_link() throws Exception {
    try (SocketLinks links = links();
        SocketChannel raw = connect()) {
      FrameChannel process = new FrameChannel(raw);
      process.write(new Hello("secret", RUN.toString(), 1, 0).frame());
      heard.expectNext("connected");

      raw.write(ByteBuffer.allocate(4).putInt(0, -1));

      heard.expectNext("disconnected");
      assertThat(links).isNotNull();
    }
  }

  @Test
  void takes_the_place_of_a_stale_socket_in_a_directory_nobody_else_enters() throws Exception {
    Files.createDirectories(socket.getParent());
    Files.setPosixFilePermissions(socket.getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
    ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(socket))
        .close();
    assertThat(socket).exists();

    try (SocketLinks links = links();
        FrameChannel process = admitted()) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket.getParent())))
          .isEqualTo("rwx------");
      assertThat(List.of(links, process)).hasSize(2);
    }
    assertThat(socket).doesNotExist();
  }

  @Test
  void leaves_alone_what_is_no_socket() throws Exception {
    Files.createDirectories(socket.getParent());
    Files.writeString(socket, "precious");

    assertThatThrownBy(() -> new SocketLinks(socket, heard))
        .isInstanceOf(IOException.class)
        .hasMessageEndingWith("is in the place of the agent's socket and is none; move it away");
    assertThat(socket).hasContent("precious");
  }

  @Test
  void says_which_key_to_change_when_the_path_is_too_long() {
    Path deep = directory.resolve("x".repeat(100)).resolve("agent.sock");

    assertThatThrownBy(() -> new SocketLinks(deep, heard))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(deep.toString())
        .hasMessageContaining(
            deep.toString().length() + " bytes, and Unix domain sockets allow 106")
        .hasMessageContaining("set runDirectory in agent.yaml to a shorter one");
  }

  @Test
  void a_path_of_the_greatest_length_works() throws Exception {
    int free = SocketPath.MAX_BYTES - directory.toString().length() - "//s".length();
    Path longest = directory.resolve("y".repeat(free)).resolve("s");
    assertThat(longest.toString()).hasSize(SocketPath.MAX_BYTES);

    try (SocketLinks links = new SocketLinks(longest, heard)) {
      assertThat(longest).exists();
      assertThat(links).isNotNull();
    }
  }

  private SocketLinks links() throws IOException {
    SocketLinks links = new SocketLinks(socket, heard);
    links.expect(RUN, IMPORTER, "secret");
    return links;
  }

  private FrameChannel admitted() throws IOException {
    return admitted(0);
  }

  private FrameChannel admitted(long epoch) throws IOException {
    FrameChannel process = new FrameChannel(connect());
    process.write(new Hello("secret", RUN.toString(), 1, epoch).frame());
    assertThat(read(process)).isEqualTo(new Welcome());
    return process;
  }

  private String refusal(ToAgent first) throws IOException {
    try (FrameChannel process = new FrameChannel(connect())) {
      process.write(first.frame());
      Refused refused = (Refused) read(process);
      assertThatThrownBy(() -> read(process)).isInstanceOf(EOFException.class);
      return refused.reason();
    }
  }

  private SocketChannel connect() throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(socket));
    return channel;
  }

  private static ToProcess read(FrameChannel process) throws IOException {
    return ToProcess.read(process.read(LinkLimits.MAX_FRAME));
  }
}
