package io.nsm.supervisor.config;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations and sizes as people write them. */
final class Units {
  static final String DURATION = "a duration such as 500ms, 10s, 5m or 1h";
  static final String SIZE = "a size such as 512MiB, 2GiB or 10MB";

  private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,12})([A-Za-z]+)");
  private static final Pattern HEAP = Pattern.compile("([0-9]{1,15})([kKmMgGtT]?)");
  private static final Map<String, Long> MILLIS =
      Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L);
  private static final Map<String, Long> BYTES =
      Map.of(
          "B", 1L,
          "KB", 1_000L,
          "MB", 1_000_000L,
          "GB", 1_000_000_000L,
          "KiB", 1L << 10,
          "MiB", 1L << 20,
          "GiB", 1L << 30);

  private Units() {}

  static Optional<Duration> duration(String text) {
    return amount(text, MILLIS).map(Duration::ofMillis);
  }

  static Optional<Long> bytes(String text) {
    return amount(text, BYTES);
  }

  /** The size in a heap option: {@code 512m}. */
  static Optional<Long> heapBytes(String text) {
    Matcher matcher = HEAP.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int power = "kmgt".indexOf(matcher.group(2).toLowerCase(Locale.ROOT));
    long unit = matcher.group(2).isEmpty() ? 1 : 1L << (10 * (power + 1));
    return product(Long.parseLong(matcher.group(1)), unit);
  }

  static String text(Duration duration) {
    long millis = duration.toMillis();
    if (millis % 1000 != 0 || millis == 0) {
      return millis == 0 ? "0s" : millis + "ms";
    } else if (millis % 60_000 != 0) {
      return millis / 1000 + "s";
    }
    return millis % 3_600_000 == 0 ? millis / 3_600_000 + "h" : millis / 60_000 + "m";
  }

  static String text(long bytes) {
    for (String unit : new String[] {"GiB", "GB", "MiB", "MB", "KiB", "KB"}) {
      long size = BYTES.getOrDefault(unit, 1L);
      if (bytes > 0 && bytes % size == 0) {
        return bytes / size + unit;
      }
    }
    return bytes + "B";
  }

  private static Optional<Long> amount(String text, Map<String, Long> units) {
    Matcher matcher = AMOUNT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    Optional<Long> unit = Optional.ofNullable(units.get(matcher.group(2)));
    return unit.flatMap(size -> product(Long.parseLong(matcher.group(1)), size));
  }

  private static Optional<Long> product(long amount, long unit) {
    return amount > Long.MAX_VALUE / unit ? Optional.empty() : Optional.of(amount * unit);
  }
}
