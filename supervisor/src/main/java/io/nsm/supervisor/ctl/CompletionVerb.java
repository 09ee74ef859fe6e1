package io.nsm.supervisor.ctl;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "completion",
    description = {
      "Write a script that completes nsmctl's words in a shell.",
      "For this shell: source <(nsmctl completion bash)"
    })
final class CompletionVerb extends Verb {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "SHELL", description = "bash or zsh.")
  private Shell shell = Shell.bash;

  CompletionVerb(Surroundings surroundings) {
    super(surroundings);
  }

  /** As users type it. */
  enum Shell {
    bash,
    zsh
  }

  @Override
  ExitCode run() {
    CommandLine root = spec.root().commandLine();
    // zsh understands the other's scripts once it is told to.
    String before =
        shell == Shell.zsh
            ? "autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n"
            : "";
    surroundings.out().print(before + AutoComplete.bash(Nsmctl.NAME, root));
    return ExitCode.OK;
  }
}
