package io.nsm.supervisor.ctl;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program: finds the verb, and turns what it ends with into an exit code. */
final class Nsmctl {
  static final String NAME = "nsmctl";
  private static final int HELP_WIDTH = 100;

  private final Surroundings surroundings;

  Nsmctl(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Command(
      name = NAME,
      mixinStandardHelpOptions = false,
      synopsisSubcommandLabel = "VERB",
      description = {
        "Drives a cluster of NSM agents.",
        "What changes something waits until it is done, and tells on stderr how far it is; data"
            + " is written to stdout."
      },
      commandListHeading = "%nVerbs:%n",
      exitCodeListHeading = "%nExit codes:%n",
      footerHeading = "%n",
      footer = "'nsmctl VERB --help' tells more about a verb.")
  private static final class Root {
    @CommandLine.Option(
        names = {"-h", "--help"},
        usageHelp = true,
        description = "Show this help.")
    private boolean help;
  }

  /** Runs a verb; the exit code. */
  int run(String... args) {
    return commandLine().execute(args);
  }

  CommandLine commandLine() {
    CommandLine root = new CommandLine(new Root());
    add(root, new ApplyVerb(surroundings));
    add(root, new PlanVerb(surroundings));
    add(root, new ValidateVerb(surroundings));
    add(root, new ProcessesVerb.Start(surroundings));
    add(root, new ProcessesVerb.Stop(surroundings));
    add(root, new ProcessesVerb.Restart(surroundings));
    add(root, new SwitchoverVerb(surroundings));
    add(root, new StatusVerb(surroundings));
    add(root, new DescribeVerb(surroundings));
    add(root, new LogsVerb(surroundings));
    add(root, new EventsVerb(surroundings));
    add(root, new WaitVerb(surroundings));
    add(root, new DoctorVerb(surroundings));
    add(root, new VersionVerb(surroundings));
    add(root, new CompletionVerb(surroundings));
    root.getCommandSpec().usageMessage().exitCodeList(exitCodes());
    root.registerConverter(Duration.class, Nsmctl::span);
    root.setUsageHelpWidth(HELP_WIDTH);
    root.setColorScheme(
        CommandLine.Help.defaultColorScheme(surroundings.colour() ? Ansi.ON : Ansi.OFF));
    root.setOut(new PrintWriter(surroundings.out(), true));
    root.setErr(new PrintWriter(surroundings.err(), true));
    root.setParameterExceptionHandler(this::misused);
    root.setExecutionExceptionHandler((failure, command, parsed) -> ended(failure));
    return root;
  }

  private static void add(CommandLine root, Verb verb) {
    root.addSubcommand(verb);
  }

  private int misused(ParameterException misuse, String[] args) {
    CommandLine command = misuse.getCommandLine();
    if (args.length == 0) {
      command.usage(surroundings.err());
      return ExitCode.USAGE.number();
    }
    surroundings.err().println(NAME + ": " + misuse.getMessage());
    UnmatchedArgumentException.printSuggestions(misuse, new PrintWriter(surroundings.err(), true));
    surroundings.err().println("see '" + command.getCommandSpec().qualifiedName() + " --help'");
    return ExitCode.USAGE.number();
  }

  private int ended(Exception end) throws Exception {
    if (!(end instanceof Failure failure)) {
      throw end; // a bug: picocli prints where, and exits with 1
    }
    surroundings.err().println(NAME + ": " + failure.getMessage());
    if (!failure.hint().isEmpty()) {
      surroundings.err().println(failure.hint());
    }
    return failure.code().number();
  }

  private static Duration span(String text) {
    try {
      return Spans.parse(text);
    } catch (IllegalArgumentException none) {
      throw new CommandLine.TypeConversionException(String.valueOf(none.getMessage()));
    }
  }

  private static Map<String, String> exitCodes() {
    Map<String, String> codes = new LinkedHashMap<>();
    for (ExitCode code : ExitCode.values()) {
      codes.put(Integer.toString(code.number()), code.meaning());
    }
    return codes;
  }
}
