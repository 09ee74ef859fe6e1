package io.nsm.agent.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bytes are counted in tens, times in seconds after a moment in 2026. */
class LogTimesTest {
  private static final long BEGIN = 1_795_370_000_000L;

  private final Path file;
  private final LogTimes times;

  LogTimesTest(@TempDir Path directory) {
    file = directory.resolve("out.log.times");
    times = new LogTimes(file);
  }

  @Test
  void finds_where_what_was_written_after_a_time_begins() throws IOException {
    marked(10, 1);
    marked(20, 2);
    marked(30, 9);

    assertThat(place(0)).isZero();
    assertThat(place(1)).isEqualTo(10);
    assertThat(place(8)).as("written between 2 and 9").isEqualTo(20);
    assertThat(place(9)).isEqualTo(30);
  }

  @Test
  void marks_once_a_second_at_most_and_only_what_grew() throws IOException {
    marked(10, 1);
    times.mark(20, at(1) + 999);
    marked(20, 2);
    marked(20, 3);

    assertThat(Files.readAllLines(file)).hasSize(2);
    assertThat(place(2)).isEqualTo(20);
  }

  @Test
  void shows_rather_too_much_when_the_clock_was_set_back() throws IOException {
    marked(10, 100);
    marked(20, 5);
    marked(30, 6);

    assertThat(place(50)).isZero();
    assertThat(place(100)).isEqualTo(30);
  }

  @Test
  void knows_after_a_restart_what_it_had_noted_but_for_a_line_that_is_not_whole()
      throws IOException {
    marked(10, 1);
    marked(20, 2);
    Files.writeString(file, "30 17953", StandardOpenOption.APPEND);

    assertThat(new LogTimes(file).placeOf(at(9))).isEqualTo(20);
  }

  @Test
  void forgets_every_other_mark_of_too_many_and_stays_right() throws IOException {
    for (int i = 1; i <= 3 * LogTimes.MAX_MARKS; i++) {
      marked(10L * i, i);
    }

    assertThat(Files.readAllLines(file)).hasSizeLessThanOrEqualTo(LogTimes.MAX_MARKS);
    assertThat(place(3 * LogTimes.MAX_MARKS - 1)).isEqualTo(10L * (3 * LogTimes.MAX_MARKS - 1));
    assertThat(place(1001)).as("not after it").isLessThanOrEqualTo(10_010).isGreaterThan(9_900);
    assertThat(new LogTimes(file).placeOf(at(1001))).isEqualTo(place(1001));
  }

  private void marked(long end, long second) throws IOException {
    times.mark(end, at(second));
  }

  private long place(long second) throws IOException {
    return times.placeOf(at(second));
  }

  private static long at(long second) {
    return BEGIN + 1000 * second;
  }
}
