package io.nsm.supervisor.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JvmMemoryTest {
  private static final long MIB = 1024 * 1024;

  @ParameterizedTest
  @CsvSource({
    // limit, heap, direct, metaspace, code (MiB)
    "64, 16, 8, 32, 16",
    "128, 58, 12, 32, 16",
    "256, 153, 25, 38, 20",
    "512, 307, 51, 76, 40",
    "1024, 614, 102, 153, 81",
    "8192, 4915, 819, 512, 240",
  })
  void divides_a_limit(long limit, int heap, int direct, int metaspace, int code) {
    assertThat(JvmMemory.options(limit * MIB, List.of("-XX:+UseZGC")))
        .containsExactly(
            "-Xmx" + heap + "m",
            "-XX:MaxDirectMemorySize=" + direct + "m",
            "-XX:MaxMetaspaceSize=" + metaspace + "m",
            "-XX:ReservedCodeCacheSize=" + code + "m");
  }

  @Test
  void leaves_alone_what_is_given() {
    List<String> given =
        List.of(
            "-Xmx100m",
            "-XX:MaxDirectMemorySize=1m",
            "-XX:MaxMetaspaceSize=50m",
            "-XX:ReservedCodeCacheSize=20m",
            "-XX:+UseParallelGC");

    assertThat(JvmMemory.options(512 * MIB, given)).isEmpty();
  }

  @Test
  void takes_the_serial_collector_where_the_JVM_would_on_a_machine_of_that_size() {
    assertThat(JvmMemory.options(512 * MIB, List.of())).contains("-XX:+UseSerialGC");
    assertThat(JvmMemory.options(2048 * MIB, List.of())).doesNotContain("-XX:+UseSerialGC");
  }
}
