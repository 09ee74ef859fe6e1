package io.nsm.process.link;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Reads both clocks of a host. */
public interface HostClock {

  HostTime now();

  /**
   * The clocks of this host: {@link System#nanoTime()} and {@code /proc/uptime} (in steps of 10 ms,
   * rounded down). A reading takes about 2 µs.
   *
   * @throws IllegalStateException where there is no {@code /proc/uptime}: leases need a clock that
   *     counts suspended time
   */
  static HostClock ofThisHost() {
    return new ProcClock("/proc/uptime");
  }

  /** Reads through one open file, whose descriptor outlives a full table of descriptors. */
  final class ProcClock implements HostClock {
    /** The longest first line: two numbers of 20 digits each. */
    private static final int LONGEST = 64;

    /** Not a channel: an interrupt of the reading thread would close that for everybody. */
    private final RandomAccessFile uptime;

    private final byte[] buffer = new byte[LONGEST];

    private ProcClock(String path) {
      try {
        uptime = new RandomAccessFile(path, "r");
      } catch (IOException e) {
        throw new IllegalStateException(
            path + ": cannot be read, and leases need it (NSM runs on Linux with /proc mounted)",
            e);
      }
    }

    @Override
    public HostTime now() {
      long bootMillis = bootMillis();
      return new HostTime(System.nanoTime(), bootMillis);
    }

    private synchronized long bootMillis() {
      try {
        uptime.seek(0);
        int length = uptime.read(buffer);
        return parseMillis(buffer, length);
      } catch (IOException e) {
        throw new UncheckedIOException("/proc/uptime: " + e.getMessage(), e);
      }
    }

    /** Reads {@code 12345.67 ...} as 12345670. */
    static long parseMillis(byte[] text, int length) {
      long centis = 0;
      int decimals = -1;
      for (int i = 0; i < length && decimals < 2; i++) {
        byte c = text[i];
        if (c == '.' && decimals < 0) {
          decimals = 0;
        } else if (c >= '0' && c <= '9') {
          centis = centis * 10 + (c - '0');
          decimals = decimals < 0 ? decimals : decimals + 1;
        } else {
          break;
        }
      }
      if (decimals != 2) {
        String found = new String(text, 0, Math.max(0, length), StandardCharsets.US_ASCII);
        throw new IllegalStateException(
            "/proc/uptime: expected seconds with two decimals, found '" + found + "'");
      }
      return centis * 10;
    }
  }
}
