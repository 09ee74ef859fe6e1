package io.nsm.supervisor.ctl;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of time and sizes, as people write and read them. */
final class Spans {
  private static final Pattern SPAN = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

  private Spans() {}

  /**
   * Reads {@code 500ms}, {@code 30s}, {@code 5m}, {@code 1h}, {@code 2d}.
   *
   * @throws IllegalArgumentException if it is none
   */
  static Duration parse(String text) {
    Matcher matcher = SPAN.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is no length of time; write 500ms, 30s, 5m or 1h");
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }

  /** In at most two units: {@code 850ms}, {@code 12s}, {@code 3m20s}, {@code 5h}, {@code 3d4h}. */
  static String brief(Duration span) {
    if (span.isNegative()) {
      return "0s";
    }
    if (span.compareTo(Duration.ofSeconds(1)) < 0) {
      return span.toMillis() + "ms";
    }
    if (span.compareTo(Duration.ofMinutes(1)) < 0) {
      return span.toSeconds() + "s";
    }
    if (span.compareTo(Duration.ofHours(1)) < 0) {
      return two(span.toMinutes(), "m", span.toSecondsPart(), "s");
    }
    if (span.compareTo(Duration.ofDays(1)) < 0) {
      return two(span.toHours(), "h", span.toMinutesPart(), "m");
    }
    return two(span.toDays(), "d", span.toHoursPart(), "h");
  }

  /** In milliseconds with one digit behind the point: {@code 9.4 ms}. */
  static String millis(Duration span) {
    return String.format(Locale.ROOT, "%.1f ms", span.toNanos() / 1e6);
  }

  /** {@code 812 B}, {@code 1.5 KiB}, {@code 20 MiB}. */
  static String size(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    if (bytes < 1024 * 1024) {
      return String.format(Locale.ROOT, "%.1f KiB", bytes / 1024.0);
    }
    return String.format(Locale.ROOT, "%.1f MiB", bytes / 1024.0 / 1024.0);
  }

  private static String two(long big, String bigUnit, int small, String smallUnit) {
    // The small unit matters only beside few of the big ones.
    return small == 0 || big >= 10 ? big + bigUnit : big + bigUnit + small + smallUnit;
  }
}
