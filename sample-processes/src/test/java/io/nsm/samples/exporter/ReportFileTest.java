package io.nsm.samples.exporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nsm.process.Term;
import io.nsm.process.TermEndedException;
import io.nsm.samples.pipeline.MemoryCluster;
import io.nsm.samples.term.EndedTerm;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportFileTest {

  private final Path directory;

  ReportFileTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void replaces_the_report_as_a_whole_and_leaves_nothing_beside_it() throws Exception {
    Path report = Files.writeString(directory.resolve("report.csv"), "old");
    Term term = MemoryCluster.calm().grant("exporter");

    ReportFile.write(report, "new", term);

    assertThat(report).hasContent("new");
    assertThat(directory.toFile().list()).containsExactly("report.csv");
  }

  @Test
  void leaves_the_old_report_when_the_term_has_ended() throws Exception {
    Path report = Files.writeString(directory.resolve("report.csv"), "old");

    assertThatThrownBy(() -> ReportFile.write(report, "new", new EndedTerm()))
        .isInstanceOf(TermEndedException.class);

    assertThat(report).hasContent("old");
    assertThat(directory.toFile().list()).containsExactly("report.csv");
  }
}
