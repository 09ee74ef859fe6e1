package io.nsm.supervisor.ctl;

import java.util.concurrent.Callable;
import picocli.CommandLine.Option;

/** What all verbs have. */
abstract class Verb implements Callable<Integer> {
  final Surroundings surroundings;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  Verb(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public final Integer call() {
    return run().number();
  }

  /**
   * Does it.
   *
   * @throws Failure if it cannot
   */
  abstract ExitCode run();
}
