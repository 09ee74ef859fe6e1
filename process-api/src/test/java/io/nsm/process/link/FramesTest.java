package io.nsm.process.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nsm.process.link.ToAgent.MapCall;
import io.nsm.process.link.ToAgent.Operation;
import io.nsm.process.link.ToProcess.MapAnswered;
import io.nsm.process.link.ToProcess.MapEntry;
import io.nsm.process.link.ToProcess.MapStatus;
import io.nsm.process.link.ToProcess.SaveResult;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FramesTest {
  private static final HostTime TIME = new HostTime(Long.MAX_VALUE - 7, 123_456_780);

  static Stream<ToAgent> everythingAProcessSays() {
    return Stream.of(
        new ToAgent.Hello("secret", "inc-1", 4711, 0),
        new ToAgent.Hello("", "größer", Long.MAX_VALUE, 9),
        new ToAgent.Ready(),
        new ToAgent.Activated(3),
        new ToAgent.Deactivated(Long.MAX_VALUE),
        new ToAgent.Heartbeat(),
        new ToAgent.Save(17, 3, 8, new byte[] {1, 2, 3}),
        new ToAgent.Save(-1, 3, 8, new byte[0]),
        call(Operation.GET, 0, new byte[0], OptionalLong.empty()),
        call(Operation.LIST, 0, new byte[0], OptionalLong.empty()),
        call(Operation.PUT, 0, bytes("value"), OptionalLong.of(5)),
        call(Operation.PUT_IF_ABSENT, 0, bytes("v"), OptionalLong.empty()),
        call(Operation.REPLACE, -4, bytes("v"), OptionalLong.of(5)),
        call(Operation.REMOVE, 0, new byte[0], OptionalLong.of(0)),
        new ToAgent.Completed(),
        new ToAgent.Failed("disk full"));
  }

  static Stream<ToProcess> everythingAnAgentSays() {
    return Stream.of(
        new ToProcess.Welcome(),
        new ToProcess.Refused("unknown run"),
        new ToProcess.Activate(4, TIME, Optional.empty()),
        new ToProcess.Activate(4, TIME, Optional.of(new ToProcess.Saved(3, 9, bytes("state")))),
        new ToProcess.Extend(4, TIME),
        new ToProcess.Deactivate(4),
        new ToProcess.Stop(),
        new ToProcess.SaveAnswered(17, SaveResult.SAVED),
        new ToProcess.SaveAnswered(17, SaveResult.TERM_ENDED),
        new ToProcess.SaveAnswered(17, SaveResult.UNKNOWN),
        new MapAnswered(5, MapStatus.ENTRIES, 0, List.of(), ""),
        new MapAnswered(
            5,
            MapStatus.ENTRIES,
            0,
            List.of(new MapEntry("a", bytes("1"), 7), new MapEntry("ß", new byte[0], -8)),
            ""),
        new MapAnswered(5, MapStatus.WRITTEN, 12, List.of(), ""),
        new MapAnswered(5, MapStatus.REFUSED, 0, List.of(new MapEntry("a", bytes("1"), 7)), ""),
        new MapAnswered(5, MapStatus.FENCED, 6, List.of(), ""),
        new MapAnswered(5, MapStatus.UNKNOWN, 0, List.of(), "the grid is degraded"));
  }

  @ParameterizedTest
  @MethodSource("everythingAProcessSays")
  void reads_back_what_a_process_said(ToAgent message) throws Exception {
    ToAgent read = ToAgent.read(content(message.frame()));

    assertThat(read).usingRecursiveComparison().isEqualTo(message);
  }

  @ParameterizedTest
  @MethodSource("everythingAnAgentSays")
  void reads_back_what_an_agent_said(ToProcess message) throws Exception {
    ToProcess read = ToProcess.read(content(message.frame()));

    assertThat(read).usingRecursiveComparison().isEqualTo(message);
  }

  @Test
  void reads_back_the_largest_checkpoint() throws Exception {
    byte[] state = new byte[LinkLimits.MAX_CHECKPOINT];
    new Random(7).nextBytes(state);

    ToAgent.Save read =
        (ToAgent.Save) ToAgent.read(content(new ToAgent.Save(1, 2, 3, state).frame()));

    assertThat(Arrays.equals(read.state(), state)).isTrue();
  }

  @Test
  void the_bytes_are_those_of_the_reference() {
    assertThat(hex(new ToAgent.Hello("t", "r", 2, 3).frame()))
        .isEqualTo(
            "00000024" // length 36: what follows
                + "01" // version
                + "01" // kind: Hello
                + "0000000000000000" // correlation
                + "0000000174" // token "t"
                + "0000000172" // run "r"
                + "0000000000000002" // pid
                + "0000000000000003"); // epoch
    assertThat(hex(new ToProcess.Extend(4, new HostTime(5, 6)).frame()))
        .isEqualTo(
            "00000022"
                + "01"
                + "44"
                + "0000000000000000" // Extend
                + "0000000000000004" // epoch
                + "0000000000000005" // monotonic nanoseconds
                + "0000000000000006"); // milliseconds since boot
    assertThat(hex(new ToProcess.SaveAnswered(258, SaveResult.UNKNOWN).frame()))
        .isEqualTo("0000000b" + "01" + "47" + "0000000000000102" + "03");
  }

  @ParameterizedTest
  @MethodSource("everythingAProcessSays")
  void refuses_every_truncation(ToAgent message) {
    ByteBuffer whole = content(message.frame());
    for (int length = 0; length < whole.limit(); length++) {
      ByteBuffer part = whole.slice(0, length);
      assertThatThrownBy(() -> ToAgent.read(part)).isInstanceOf(MalformedFrameException.class);
    }
  }

  @ParameterizedTest
  @MethodSource("everythingAnAgentSays")
  void refuses_every_truncation_and_every_surplus(ToProcess message) {
    ByteBuffer whole = content(message.frame());
    for (int length = 0; length < whole.limit(); length++) {
      ByteBuffer part = whole.slice(0, length);
      assertThatThrownBy(() -> ToProcess.read(part)).isInstanceOf(MalformedFrameException.class);
    }
    ByteBuffer more = ByteBuffer.allocate(whole.limit() + 1).put(whole.duplicate()).rewind();
    assertThatThrownBy(() -> ToProcess.read(more))
        .isInstanceOf(MalformedFrameException.class)
        .hasMessageContaining("bytes more than it should have");
  }

  @Test
  void refuses_a_length_that_the_frame_does_not_have_without_allocating_it() {
    ByteBuffer save = content(new ToAgent.Save(1, 1, 1, new byte[4]).frame());
    save.putInt(26, LinkLimits.MAX_CHECKPOINT);
    assertThatThrownBy(() -> ToAgent.read(save))
        .hasMessageContaining("the frame ends within state");

    ByteBuffer negative = content(new ToAgent.Save(1, 1, 1, new byte[4]).frame());
    negative.putInt(26, -1);
    assertThatThrownBy(() -> ToAgent.read(negative)).hasMessageContaining("more than the 8388608");

    ByteBuffer entries = content(new MapAnswered(1, MapStatus.ENTRIES, 0, List.of(), "").frame());
    entries.putInt(19, LinkLimits.MAX_ENTRIES);
    assertThatThrownBy(() -> ToProcess.read(entries)).hasMessageContaining("the frame ends within");
  }

  @Test
  void refuses_what_it_does_not_know() {
    assertThatThrownBy(() -> ToAgent.read(changed(new ToAgent.Ready(), 0, 2)))
        .hasMessage("a frame of version 2; this end speaks version 1");
    assertThatThrownBy(() -> ToAgent.read(changed(new ToAgent.Ready(), 1, 99)))
        .hasMessage("a frame of the unknown kind 99");
    ByteBuffer answer = content(new ToProcess.SaveAnswered(1, SaveResult.SAVED).frame());
    answer.put(10, (byte) 9);
    assertThatThrownBy(() -> ToProcess.read(answer)).hasMessage("the unknown result 9");
    assertThatThrownBy(() -> ToAgent.read(changed(new ToAgent.Activated(1), 10, 0x80)))
        .hasMessageStartingWith("epoch is negative");
  }

  @Test
  void refuses_text_that_is_not_utf8() {
    ByteBuffer failed = content(new ToAgent.Failed("ab").frame());
    failed.put(14, (byte) 0xFF);

    assertThatThrownBy(() -> ToAgent.read(failed)).hasMessage("reason is not UTF-8");
  }

  @Test
  void survives_random_bytes() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      byte[] noise = new byte[random.nextInt(80)];
      random.nextBytes(noise);
      if (noise.length > 2) {
        noise[0] = LinkLimits.VERSION;
        noise[1] = (byte) (random.nextBoolean() ? random.nextInt(10) : 64 + random.nextInt(10));
      }
      readOrRefuse(noise);
    }
  }

  @Test
  void does_not_send_what_the_other_end_would_refuse() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new ToAgent.Save(1, 1, 1, new byte[LinkLimits.MAX_CHECKPOINT + 1]).frame())
        .withMessageContaining("8388609 bytes");
  }

  @Test
  void cuts_a_long_reason_between_two_characters() throws Exception {
    ToAgent.Failed failed = new ToAgent.Failed("x" + "ü".repeat(LinkLimits.MAX_REASON));

    ToAgent.Failed read = (ToAgent.Failed) ToAgent.read(content(failed.frame()));

    assertThat(read.reason()).hasSize(1 + (LinkLimits.MAX_REASON - 1) / 2).endsWith("ü");
  }

  @Test
  void does_not_show_the_token() {
    assertThat(new ToAgent.Hello("secret", "r", 1, 0).toString()).doesNotContain("secret");
  }

  private static void readOrRefuse(byte[] noise) {
    try {
      ToAgent.read(ByteBuffer.wrap(noise));
    } catch (MalformedFrameException expected) {
      assertThat(expected).hasMessageMatching("(?s).+");
    }
    try {
      ToProcess.read(ByteBuffer.wrap(noise));
    } catch (MalformedFrameException expected) {
      assertThat(expected).hasMessageMatching("(?s).+");
    }
  }

  private static ByteBuffer changed(ToAgent message, int at, int value) {
    return content(message.frame()).put(at, (byte) value);
  }

  private static ByteBuffer content(ByteBuffer frame) {
    assertThat(frame.getInt(0)).isEqualTo(frame.remaining() - 4);
    return frame.slice(4, frame.remaining() - 4);
  }

  private static String hex(ByteBuffer frame) {
    byte[] bytes = new byte[frame.remaining()];
    frame.get(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static MapCall call(Operation operation, long version, byte[] value, OptionalLong fence) {
    return new MapCall(23, operation, "flights", "LH/400", version, value, fence);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
