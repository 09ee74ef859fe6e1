package io.nsm.supervisor.grid.infinispan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk with no room left in the middle of many writes. Infinispan's store never again completes a
 * write after one that failed, and what it writes behind a torn record cannot be read.
 */
class FullStoreIT {
  private static final int UNDER_WAY = 8;

  private final Path directory;
  private final CompletableFuture<Throwable> failure = new CompletableFuture<>();

  FullStoreIT(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void the_first_write_that_fails_is_the_last_and_what_was_acknowledged_is_there_again()
      throws Exception {
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", directory.toString()) == 0,
        "skipped: this user cannot mount a small disk");
    try {
      Path filler = directory.resolve("filler");
      Files.write(filler, new byte[2 << 20]);
      InfinispanStore store = InfinispanStore.open(directory.resolve("grid"), failure::complete);
      Map<String, Integer> acknowledged = fill(store);

      assertThat(failure.get(20, TimeUnit.SECONDS)).hasStackTraceContaining("No space left");
      Files.delete(filler);
      assertThatThrownBy(
              () ->
                  store
                      .checkpoints()
                      .write("later", new byte[9])
                      .toCompletableFuture()
                      .get(20, TimeUnit.SECONDS))
          .hasStackTraceContaining("a write before it failed");
      assertThatThrownBy(
              () -> store.maps().remove("other").toCompletableFuture().get(20, TimeUnit.SECONDS))
          .hasStackTraceContaining("a write before it failed");
      store.close();

      InfinispanStore again = InfinispanStore.open(directory.resolve("grid"), failure::complete);
      for (Map.Entry<String, Integer> each : acknowledged.entrySet()) {
        assertThat(again.checkpoints().read(each.getKey()))
            .as(each.getKey())
            .hasValueSatisfying(bytes -> assertThat(bytes).isEqualTo(value(each.getValue())));
      }
      again
          .checkpoints()
          .write("later", new byte[9])
          .toCompletableFuture()
          .get(20, TimeUnit.SECONDS);
      again.close();
    } finally {
      run("umount", "-l", directory.toString());
    }
  }

  /** Writes until one fails; what was acknowledged by then. */
  private static Map<String, Integer> fill(InfinispanStore store) throws Exception {
    Map<String, Integer> acknowledged = new TreeMap<>();
    for (int i = 0; ; i += UNDER_WAY) {
      List<CompletableFuture<Void>> writes = new ArrayList<>();
      for (int j = i; j < i + UNDER_WAY; j++) {
        writes.add(store.checkpoints().write("key" + j, value(j)).toCompletableFuture());
      }
      boolean failed = false;
      for (int j = 0; j < UNDER_WAY; j++) {
        try {
          writes.get(j).get(20, TimeUnit.SECONDS);
          acknowledged.put("key" + (i + j), i + j);
        } catch (ExecutionException full) {
          failed = true;
        }
      }
      if (failed) {
        return acknowledged;
      }
    }
  }

  private static byte[] value(int number) {
    byte[] value = new byte[20_000 + 37 * (number % 100)];
    java.util.Arrays.fill(value, (byte) (2 + number % 100));
    return value;
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }
}
