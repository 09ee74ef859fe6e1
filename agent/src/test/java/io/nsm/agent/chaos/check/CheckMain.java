package io.nsm.agent.chaos.check;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;

/**
 * {@code CheckMain DIR}: judges the recording of a chaos run. Ends with 0 if all holds, 1 at a
 * violation, 2 if there is too little to judge or it cannot be read.
 */
public final class CheckMain {
  private CheckMain() {}

  public static void main(String[] args) {
    System.exit(run(args, System.out, System.err));
  }

  static int run(String[] args, PrintStream out, PrintStream err) {
    if (args.length != 1) {
      err.println("usage: scripts/chaos check DIR");
      return Judgement.NOT_JUDGED;
    }
    try {
      Judgement judgement = Judgement.of(Path.of(args[0]));
      judgement.report().forEach(out::println);
      return judgement.exitCode();
    } catch (MalformedRecordingException wrong) {
      err.println("chaos check: " + wrong.getMessage());
      return Judgement.NOT_JUDGED;
    } catch (IOException unreadable) {
      err.println("chaos check: cannot read " + args[0] + ": " + unreadable);
      return Judgement.NOT_JUDGED;
    }
  }
}
