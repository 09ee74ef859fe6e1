package io.nsm.supervisor.ctl;

import io.nsm.supervisor.config.ClusterFacts;
import io.nsm.supervisor.model.ProcessSpec;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "validate",
    description = {
      "Check declarations without an agent: all problems at once, each with its place.",
      "With -o json or yaml the declarations are shown with all defaults filled in."
    })
final class ValidateVerb extends Verb {
  @Mixin private final FileOptions files;
  @Mixin private final OutputOptions output;

  ValidateVerb(Surroundings surroundings) {
    super(surroundings);
    files = new FileOptions(surroundings);
    output = new OutputOptions(surroundings);
  }

  @Override
  ExitCode run() {
    List<ProcessSpec> specs = files.read(ClusterFacts.UNKNOWN);
    output.print(specs, new Valid(specs));
    return ExitCode.OK;
  }

  private record Valid(List<ProcessSpec> specs) implements OutputOptions.View {
    @Override
    public String table(boolean wide, boolean colour) {
      return "valid: " + Words.count(specs.size(), "process") + "\n";
    }

    @Override
    public List<String> names() {
      return specs.stream().map(spec -> spec.name().name()).toList();
    }
  }
}
