package io.nsm.supervisor.ctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SpansTest {

  @ParameterizedTest
  @CsvSource({
    "PT-5S, 0s",
    "PT0S, 0ms",
    "PT0.85S, 850ms",
    "PT12.9S, 12s",
    "PT3M20S, 3m20s",
    "PT3M, 3m",
    "PT12M20S, 12m",
    "PT5H, 5h",
    "PT5H9M, 5h9m",
    "P3DT4H, 3d4h",
    "P40DT4H, 40d"
  })
  void writes_a_length_of_time_briefly(Duration span, String text) {
    assertThat(Spans.brief(span)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"500ms, PT0.5S", "30s, PT30S", "5m, PT5M", "1h, PT1H", "2d, PT48H"})
  void reads_a_length_of_time(String text, Duration span) {
    assertThat(Spans.parse(text)).isEqualTo(span);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "s", "-5s", "1.5s", "5 s", "5S", "99999999999s"})
  void reads_nothing_else(String text) {
    assertThatThrownBy(() -> Spans.parse(text)).hasMessageContaining("write 500ms, 30s, 5m or 1h");
  }

  @Test
  void writes_sizes_and_milliseconds() {
    assertThat(Spans.size(812)).isEqualTo("812 B");
    assertThat(Spans.size(1536)).isEqualTo("1.5 KiB");
    assertThat(Spans.size(20 << 20)).isEqualTo("20.0 MiB");
    assertThat(Spans.millis(Duration.ofNanos(9_449_000))).isEqualTo("9.4 ms");
  }

  @ParameterizedTest
  @CsvSource({
    "host1, host1:7402",
    "host1:80, host1:80",
    "[::1]:80, [::1]:80",
    "[::1], [::1]:7402",
    "::1, [::1]:7402"
  })
  void reads_an_address(String text, String address) {
    assertThat(Address.parseAll(text)).hasToString("[" + address + "]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ":80", "host:x", "host:0", "host:70000", "http://host:80", "a,,b"})
  void refuses_what_is_no_address(String text) {
    assertThatThrownBy(() -> Address.parseAll(text)).isInstanceOf(Failure.class);
  }
}
