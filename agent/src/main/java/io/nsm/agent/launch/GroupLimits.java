package io.nsm.agent.launch;

import io.nsm.supervisor.model.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the limits of a run into its group, in the words of either version.
 *
 * @param unified version 2
 */
record GroupLimits(Path group, boolean unified) {
  private static final int PERIOD_MICROS = 100_000;
  private static final int LEAST_QUOTA_MICROS = 1_000;

  /** Memory and swap together: what may not use more memory does not use the disk for it. */
  void memory(long bytes) throws IOException {
    if (unified) {
      write("memory.max", bytes);
      writeIfThere("memory.swap.max", 0);
    } else {
      write("memory.limit_in_bytes", bytes);
      writeIfThere("memory.memsw.limit_in_bytes", bytes);
    }
  }

  void cpu(Resources resources) throws IOException {
    if (resources.cpuLimit().isPresent()) {
      long quota =
          Math.max(LEAST_QUOTA_MICROS, Math.round(resources.cpuLimit().get() * PERIOD_MICROS));
      if (unified) {
        write("cpu.max", quota + " " + PERIOD_MICROS);
      } else {
        write("cpu.cfs_period_us", PERIOD_MICROS);
        write("cpu.cfs_quota_us", quota);
      }
    }
    if (resources.cpuWeight().isPresent()) {
      // 100, what a group has by itself in version 2, is 1024 in version 1.
      int weight = resources.cpuWeight().get();
      write(
          unified ? "cpu.weight" : "cpu.shares",
          unified ? weight : Math.max(2, weight * 1024 / 100));
    }
  }

  private void writeIfThere(String file, Object value) throws IOException {
    if (Files.exists(group.resolve(file))) {
      write(file, value);
    }
  }

  private void write(String file, Object value) throws IOException {
    Files.writeString(group.resolve(file), value.toString());
  }
}
