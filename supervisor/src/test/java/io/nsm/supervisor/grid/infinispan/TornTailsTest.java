package io.nsm.supervisor.grid.infinispan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nsm.supervisor.grid.quorum.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store whose last record was not written to its end. */
class TornTailsTest {
  private static final int VALUE = 40;

  private final Path directory;

  TornTailsTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void opens_with_all_but_the_record_that_a_full_disk_cut_off() throws IOException {
    write("a", "b", "c");
    for (int missing : List.of(1, VALUE, VALUE + 10, VALUE + 20)) {
      Path log = log();
      byte[] whole = Files.readAllBytes(log);
      Files.write(log, Arrays.copyOf(whole, whole.length - missing));

      assertThat(read("a", "b")).as("without %s bytes", missing).allMatch(Optional::isPresent);
      assertThat(read("c").get(0)).isEmpty();
      write("c");
      assertThat(read("a", "b", "c")).allMatch(Optional::isPresent);
    }
  }

  @Test
  void opens_with_all_records_when_zeros_follow_them() throws IOException {
    write("a", "b");
    Path log = log();
    byte[] whole = Files.readAllBytes(log);
    Files.write(log, Arrays.copyOf(whole, whole.length + 4096));

    assertThat(read("a", "b")).allMatch(Optional::isPresent);
  }

  @Test
  void leaves_what_is_damaged_before_the_end_for_the_store_to_refuse() throws IOException {
    write("a", "b");
    Path log = log();
    byte[] whole = Files.readAllBytes(log);
    whole[0] = 7;
    Files.write(log, whole);

    assertThatThrownBy(() -> read("a")).hasMessageContaining("cannot be opened");
    assertThat(Files.size(log)).isEqualTo(whole.length);
  }

  private void write(String... keys) {
    InfinispanStore store = InfinispanStore.open(directory, failure -> {});
    try (Disk checkpoints = store.checkpoints();
        Disk maps = store.maps()) {
      for (String key : keys) {
        maps.write(key, new byte[VALUE]).toCompletableFuture().join();
      }
    }
  }

  private List<Optional<byte[]>> read(String... keys) {
    InfinispanStore store = InfinispanStore.open(directory, failure -> {});
    try (Disk checkpoints = store.checkpoints();
        Disk maps = store.maps()) {
      return Stream.of(keys).map(maps::read).toList();
    }
  }

  /** The log that was written last; what a clean end left of the index is no longer right. */
  private Path log() throws IOException {
    try (Stream<Path> index = Files.list(directory.resolve("index/shared-maps/index"))) {
      for (Path file : index.toList()) {
        Files.delete(file);
      }
    }
    try (Stream<Path> logs = Files.list(directory.resolve("data/shared-maps/data"))) {
      return logs.max(java.util.Comparator.naturalOrder()).orElseThrow();
    }
  }
}
