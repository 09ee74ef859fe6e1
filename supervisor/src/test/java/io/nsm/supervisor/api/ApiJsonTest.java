package io.nsm.supervisor.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.wire.Json;
import io.nsm.supervisor.wire.MalformedException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ApiJsonTest {
  private static final Event PROMOTION =
      new Event(
          7,
          Instant.parse("2026-11-22T12:00:00.123Z"),
          Optional.of(new ProcessName("importer")),
          Optional.of(InstanceId.parse("importer/2")),
          Optional.of(new HostName("host2")),
          Event.Kinds.PROMOTED,
          Optional.empty(),
          "importer/2 is active",
          Optional.of(
              new PromotionTimeline(
                  "SIGNAL_9",
                  new Epoch(42),
                  Optional.of(InstanceId.parse("importer/1")),
                  InstanceId.parse("importer/2"),
                  Duration.ofMillis(2),
                  Duration.ofMillis(5),
                  Duration.ofMillis(9))));

  @Test
  void an_event_is_plain_json() {
    assertThat(new String(Json.bytes(PROMOTION), UTF_8))
        .isEqualTo(
            """
            {"index":7,"at":"2026-11-22T12:00:00.123Z","process":"importer",\
            "instance":"importer/2","host":"host2","kind":"PROMOTED","reason":null,\
            "text":"importer/2 is active","promotion":{"cause":"SIGNAL_9","epoch":42,\
            "from":"importer/1","to":"importer/2","noticed":"PT0.002S","decided":"PT0.005S",\
            "active":"PT0.009S"}}""");
  }

  @Test
  void what_is_written_is_read_back() throws MalformedException {
    EventPage page = new EventPage(List.of(PROMOTION), 8, false);
    assertThat(Json.read(Json.bytes(page), EventPage.class)).isEqualTo(page);
    ApiError error = new ApiError(ErrorCode.NO_QUORUM, "no quorum", Optional.empty());
    assertThat(Json.read(Json.bytes(error), ApiError.class)).isEqualTo(error);
  }

  @Test
  void a_key_of_a_newer_agent_is_skipped_and_a_missing_one_is_empty() throws MalformedException {
    ApiError error =
        Json.read(
            "{\"code\":\"CONFLICT\",\"message\":\"m\",\"new\":1}".getBytes(UTF_8), ApiError.class);
    assertThat(error.hint()).isEmpty();
  }

  @Test
  void a_request_without_an_id_is_refused() {
    assertThatThrownBy(() -> Json.read("{}".getBytes(UTF_8), ActionRequest.class))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("requestId");
  }
}
