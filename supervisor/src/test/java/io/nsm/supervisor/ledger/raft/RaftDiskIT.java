package io.nsm.supervisor.ledger.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nsm.supervisor.ledger.Journal;
import io.nsm.supervisor.ledger.Ledger.Done;
import io.nsm.supervisor.ledger.LedgerContract.Member;
import io.nsm.supervisor.model.HostName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a member does with a disk that is damaged, emptied or another's. */
class RaftDiskIT {
  private static final HostName A = new HostName("a");
  private static final HostName B = new HostName("b");
  private static final HostName C = new HostName("c");
  private static final Duration LONG = Duration.ofSeconds(15);

  private final Path root;
  private Cluster cluster;

  RaftDiskIT(@TempDir Path root) {
    this.root = root;
    this.cluster = new Cluster(root, List.of(A));
  }

  @AfterEach
  void end() {
    cluster.close();
  }

  @Test
  void an_entry_cut_short_at_the_end_is_dropped_and_all_before_it_kept() throws Exception {
    Path log = writtenLog();
    int end = endOfEntries(log);
    // A length of 100 bytes, and only some of them.
    overwrite(log, end, new byte[] {100, 1, 2, 3, 4, 5});

    Member again = cluster.start(A);

    assertThat(again.journal().await(all -> all.size() == 10, LONG)).hasSize(10);
    done(again, "after");
  }

  @Test
  void a_last_entry_of_which_a_sector_was_never_written_is_dropped() throws Exception {
    Path log = writtenLog();
    int end = endOfEntries(log);
    byte[] torn = new byte[2_000];
    Arrays.fill(torn, 0, 200, (byte) 1);
    torn[0] = (byte) 0xcc;
    torn[1] = (byte) 0x0f;
    torn[1_999] = 1;
    overwrite(log, end, torn);

    Member again = cluster.start(A);

    assertThat(again.journal().await(all -> all.size() == 10, LONG)).hasSize(10);
  }

  @Test
  void a_changed_bit_in_the_middle_of_the_log_refuses_to_start_and_says_where() throws Exception {
    Path log = writtenLog();
    String text = Files.readString(log, StandardCharsets.ISO_8859_1);
    flipBit(log, text.indexOf("c4-"));

    assertThatThrownBy(() -> cluster.start(A))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining(log.getFileName().toString())
        .hasMessageContaining("offset")
        .hasMessageContaining("damaged");
  }

  @Test
  void a_changed_bit_in_the_last_entry_refuses_to_start() throws Exception {
    Path log = writtenLog();
    String text = Files.readString(log, StandardCharsets.ISO_8859_1);
    flipBit(log, text.lastIndexOf("c9-"));

    assertThatThrownBy(() -> cluster.start(A)).hasMessageContaining("offset");
  }

  @Test
  void a_damaged_snapshot_refuses_to_start_and_names_the_file() throws Exception {
    cluster.close();
    cluster = new Cluster(root, List.of(A), List.of(), 50);
    Member alone = cluster.start(A);
    for (int i = 0; i < 120; i++) {
      done(alone, "c" + i);
    }
    cluster.stop(alone);
    for (Path file : files("snapshot.")) {
      if (!file.toString().endsWith(".md5")) {
        flipBit(file, 40);
      }
    }

    assertThatThrownBy(() -> cluster.start(A))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("snapshot");
  }

  @Test
  void a_voter_that_was_not_initialised_is_refused_and_told_what_to_do() {
    assertThatThrownBy(() -> cluster.startAsItIs(A, new Journal()))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("nsm-agent init")
        .hasMessageContaining(cluster.directory(A).toString());
  }

  @Test
  void a_voter_whose_disk_was_emptied_is_refused() throws Exception {
    writtenLog();
    delete(cluster.directory(A));

    assertThatThrownBy(() -> cluster.startAsItIs(A, new Journal()))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("forgot its votes");
  }

  @Test
  void a_voter_whose_log_was_emptied_is_refused_though_its_mark_is_there() throws Exception {
    writtenLog();
    delete(cluster.config(A).store());

    assertThatThrownBy(() -> cluster.startAsItIs(A, new Journal()))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("vote of host 'a' is gone");
  }

  @Test
  void a_voter_without_the_file_of_its_vote_is_refused() throws Exception {
    writtenLog();
    Files.delete(cluster.config(A).current().resolve("raft-meta"));

    assertThatThrownBy(() -> cluster.startAsItIs(A, new Journal()))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("vote");
  }

  @Test
  void other_voters_than_those_on_disk_are_refused_with_both_lists() throws Exception {
    writtenLog();
    cluster.close();
    cluster = new Cluster(root, List.of(A, B, C));

    assertThatThrownBy(() -> cluster.startAsItIs(A, new Journal()))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("voters 'a'")
        .hasMessageContaining("'a,b,c'");
  }

  @Test
  void a_directory_is_initialised_once_only() throws Exception {
    VoterStore.initialise(root.resolve("x"));

    assertThat(VoterStore.isInitialised(root.resolve("x"))).isTrue();
    assertThatThrownBy(() -> VoterStore.initialise(root.resolve("x")))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("already");
  }

  @Test
  void a_full_disk_ends_the_member_and_says_so() throws Exception {
    Path small = Files.createDirectories(cluster.directory(A));
    assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", small.toString()) == 0);
    try {
      VoterStore.initialise(small);
      Member alone = cluster.startAsItIs(A, new Journal());
      String large = "x".repeat(40_000);
      for (int i = 0; i < 20 && alone.part().failure().isEmpty(); i++) {
        var unused = alone.ledger().submit(Journal.bytes(large), LONG);
      }

      assertThat(alone.part().awaitFailure(LONG).orElse("nothing")).contains("No space left");
      cluster.stop(alone);
    } finally {
      run("umount", "-l", small.toString());
    }
  }

  private static int run(String... command) throws Exception {
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }

  /** Ten entries in a log that nobody holds open. */
  private Path writtenLog() throws Exception {
    Member alone = cluster.start(A);
    for (int i = 0; i < 10; i++) {
      done(alone, "c" + i + "-" + "x".repeat(100));
    }
    cluster.stop(alone);
    return files("log_").get(0);
  }

  private List<Path> files(String prefix) throws IOException {
    try (Stream<Path> files = Files.walk(cluster.directory(A))) {
      return files.filter(file -> file.getFileName().toString().startsWith(prefix)).toList();
    }
  }

  private static int endOfEntries(Path log) throws IOException {
    byte[] bytes = Files.readAllBytes(log);
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] == 0) {
      end--;
    }
    return end;
  }

  private static void overwrite(Path file, int at, byte[] bytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(bytes), at);
    }
  }

  private static void flipBit(Path file, int at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    overwrite(file, at, new byte[] {(byte) (bytes[at] ^ 4)});
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static void done(Member member, String command) throws Exception {
    assertThat(
            member
                .ledger()
                .submit(Journal.bytes(command), LONG)
                .toCompletableFuture()
                .get(40, TimeUnit.SECONDS))
        .isInstanceOf(Done.class);
  }
}
