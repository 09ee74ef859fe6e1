package io.nsm.agent.launch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.agent.launch.RunLogs.Chunk;
import io.nsm.agent.launch.RunLogs.Stream;
import io.nsm.supervisor.model.ProcessSpec.Logs;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLogsTest {
  private static final Logs LIMITS = new Logs(10, 3);

  private final Path directory;
  private final RunLogs logs;
  private final OutputStream program;

  RunLogsTest(@TempDir Path directory) throws IOException {
    this.directory = directory;
    this.logs = new RunLogs(directory);
    this.program =
        Files.newOutputStream(
            directory.resolve("out.log"), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  @AfterEach
  void close() throws IOException {
    program.close();
  }

  @Test
  void reads_on_across_cuts() throws IOException {
    write("first....\n");
    logs.rotate(LIMITS);
    write("second\n");

    Chunk first = logs.read(Stream.OUT, 0, 100);
    Chunk second = logs.read(Stream.OUT, first.next(), 100);
    Chunk nothing = logs.read(Stream.OUT, second.next(), 100);

    assertThat(text(first)).isEqualTo("first....\n");
    assertThat(text(second)).isEqualTo("second\n");
    assertThat(nothing.bytes()).isEmpty();
    assertThat(nothing.next()).isEqualTo(17);
    assertThat(logs.tail(2)).containsExactly("first....", "second");
    assertThat(new RunLogs(directory).read(Stream.OUT, 10, 3).bytes()).hasSize(3);
  }

  @Test
  void keeps_so_many_files_and_starts_a_late_reader_at_the_oldest() throws IOException {
    for (int i = 0; i < 5; i++) {
      write("line " + i + "....\n");
      logs.rotate(LIMITS);
    }

    Chunk oldest = logs.read(Stream.OUT, 0, 100);

    assertThat(text(oldest)).startsWith("ine 3").endsWith("\n");
    try (var files = Files.list(directory)) {
      assertThat(files).hasSize(3);
    }
  }

  @Test
  void gives_up_the_oldest_of_what_came_too_fast_and_counts_it() throws IOException {
    write("0123456789abcdefghijklmno");
    logs.rotate(LIMITS);

    assertThat(logs.dropped()).isEqualTo(15);
    assertThat(text(logs.read(Stream.OUT, 0, 100))).isEqualTo("fghijklmno");
    assertThat(logs.read(Stream.OUT, 0, 100).offset()).isEqualTo(15);
  }

  @Test
  void keeps_counting_when_a_single_file_is_all_that_is_kept() throws IOException {
    write("0123456789");
    logs.rotate(new Logs(10, 1));
    write("after");

    Chunk chunk = logs.read(Stream.OUT, 0, 100);

    assertThat(text(chunk)).isEqualTo("after");
    assertThat(chunk.offset()).isEqualTo(10);
  }

  @Test
  void finds_the_place_of_a_time_across_cuts_and_after_the_last_line() throws IOException {
    Instant now = Instant.now();
    write("first....\n");
    logs.mark(now.minusSeconds(60).toEpochMilli());
    logs.rotate(LIMITS);
    write("second\n");

    assertThat(logs.since(Stream.OUT, now.minusSeconds(90))).isZero();
    assertThat(logs.since(Stream.OUT, now.minusSeconds(30))).isEqualTo(10);
    assertThat(logs.since(Stream.OUT, now.plusSeconds(3600))).isEqualTo(17);
    assertThat(logs.since(Stream.ERR, now.minusSeconds(90))).isZero();
  }

  @Test
  void drops_what_it_cannot_keep_and_goes_on() throws IOException {
    Files.createDirectory(directory.resolve("out.log.part")); // as hard to write as a full disk
    write("0123456789");

    logs.rotate(LIMITS);

    assertThat(logs.dropped()).isEqualTo(10);
    assertThat(directory.resolve("out.log")).isEmptyFile();
  }

  @Test
  void what_was_given_up_is_news_once_a_minute() {
    DroppedOutput dropped = new DroppedOutput();
    assertThat(dropped.news(0)).isEmpty();

    dropped.add(10);
    assertThat(dropped.news(1_000)).hasValue(10);
    dropped.add(5);
    assertThat(dropped.news(30_000)).isEmpty();
    assertThat(dropped.news(61_000)).hasValue(15);
    assertThat(dropped.news(200_000)).isEmpty();
  }

  private void write(String text) throws IOException {
    program.write(text.getBytes(UTF_8));
    program.flush();
  }

  private static String text(Chunk chunk) {
    return new String(chunk.bytes(), UTF_8);
  }
}
