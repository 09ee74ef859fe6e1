package io.nsm.supervisor.ctl;

import io.nsm.supervisor.api.ClusterStatus;
import io.nsm.supervisor.api.HostStatus;
import io.nsm.supervisor.config.ClusterFacts;
import io.nsm.supervisor.config.Declarations;
import io.nsm.supervisor.config.Declared;
import io.nsm.supervisor.config.InvalidDeclarationException;
import io.nsm.supervisor.model.LeaseTerms;
import io.nsm.supervisor.model.ProcessSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Which declarations are read. */
final class FileOptions {
  private final Surroundings surroundings;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      required = true,
      description = "The declaration to read, or a directory of them; may be given several times.")
  private List<Path> files = List.of();

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "Give a variable of the declaration another value; may be given several times.")
  private Map<String, String> variables = Map.of();

  FileOptions(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /**
   * Reads them; what is probably not meant is told on stderr.
   *
   * @throws Failure if they are invalid, after all problems were told on stderr
   */
  List<ProcessSpec> read(ClusterFacts facts) {
    try {
      Declared declared = Declarations.read(files, variables, facts);
      declared.warnings().forEach(warning -> surroundings.err().println("warning: " + warning));
      return declared.processes();
    } catch (InvalidDeclarationException invalid) {
      invalid.problems().forEach(problem -> surroundings.err().println(problem));
      throw new Failure(
          ExitCode.USAGE, Words.count(invalid.problems().size(), "problem") + "; nothing was done");
    }
  }

  /** What declarations for a cluster are checked against. */
  static ClusterFacts facts(ClusterStatus cluster) {
    Optional<LeaseTerms> lease =
        Stream.of(LeaseTerms.FAST, LeaseTerms.BALANCED, LeaseTerms.PATIENT)
            .filter(terms -> terms.profile().equals(cluster.leaseProfile()))
            .findFirst();
    return new ClusterFacts(
        cluster.hosts().stream()
            .filter(host -> host.role() != HostStatus.Role.WITNESS)
            .map(HostStatus::name)
            .collect(Collectors.toSet()),
        lease);
  }
}
