package io.nsm.supervisor.model;

import java.util.ArrayList;
import java.util.List;

/**
 * JVM options that keep a JVM within a memory limit: 60 % heap, 10 % direct memory, 15 % metaspace,
 * 8 % compiled code; the rest is for threads and the collector. The small shares have a floor, as a
 * JVM needs them whatever its heap; then the heap gives way, down to {@link #LEAST_HEAP}.
 */
public final class JvmMemory {
  private static final long MIB = 1024 * 1024;
  private static final long LEAST_HEAP = 16 * MIB;

  /** Below this a machine is no server to the JVM, and it takes the serial collector by itself. */
  private static final long SERVER_MACHINE = 1792 * MIB;

  private JvmMemory() {}

  /**
   * The options for a limit; none for what {@code given} sets already.
   *
   * @param limit in bytes
   */
  public static List<String> options(long limit, List<String> given) {
    long direct = Math.max(share(limit, 10), 8 * MIB);
    long metaspace = within(share(limit, 15), 32 * MIB, 512 * MIB);
    long code = within(share(limit, 8), 16 * MIB, 240 * MIB);
    long other = share(limit, 7);
    long heap =
        Math.max(LEAST_HEAP, Math.min(share(limit, 60), limit - direct - metaspace - code - other));

    List<String> options = new ArrayList<>();
    if (lacks(given, "-Xmx", "-XX:MaxHeapSize=", "-XX:MaxRAMPercentage=")) {
      options.add("-Xmx" + heap / MIB + "m");
    }
    if (lacks(given, "-XX:MaxDirectMemorySize=")) {
      options.add("-XX:MaxDirectMemorySize=" + direct / MIB + "m");
    }
    if (lacks(given, "-XX:MaxMetaspaceSize=")) {
      options.add("-XX:MaxMetaspaceSize=" + metaspace / MIB + "m");
    }
    if (lacks(given, "-XX:ReservedCodeCacheSize=")) {
      options.add("-XX:ReservedCodeCacheSize=" + code / MIB + "m");
    }
    if (limit < SERVER_MACHINE && given.stream().noneMatch(JvmMemory::choosesCollector)) {
      options.add("-XX:+UseSerialGC");
    }
    return options;
  }

  private static long share(long limit, int percent) {
    return limit / 100 * percent;
  }

  private static long within(long value, long least, long most) {
    return Math.min(Math.max(value, least), most);
  }

  private static boolean lacks(List<String> given, String... prefixes) {
    return given.stream()
        .noneMatch(option -> List.of(prefixes).stream().anyMatch(option::startsWith));
  }

  private static boolean choosesCollector(String option) {
    return option.startsWith("-XX:+Use") && option.endsWith("GC");
  }
}
