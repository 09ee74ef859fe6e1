package io.nsm.agent.launch;

import io.nsm.supervisor.model.ProcessSpec;
import io.nsm.supervisor.model.RunId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/** A JVM that launches like an agent, to be killed: prints "launched RUN PID" for each run. */
final class AgentStandIn {
  private AgentStandIn() {}

  /** Launches a JVM that sleeps, one that exits with 7 when a file appears, and a command. */
  public static void main(String[] args) throws IOException {
    Path directory = Path.of(args[0]);
    Launcher.RunListener printing =
        new Launcher.RunListener() {
          @Override
          public void launched(RunId run, long pid) {
            System.out.println("launched " + run + " " + pid);
          }

          @Override
          public void launchFailed(RunId run, String reason) {
            System.out.println("failed " + run + " " + reason);
          }

          @Override
          public void exited(RunId run, Launcher.ExitStatus status) {
            System.out.println("exited " + run + " " + status.reason());
          }
        };
    Launcher launcher = new OsLauncher(Specs.settings(directory), printing, Clock.systemUTC());
    String sleeper = Sleeper.class.getName();
    ProcessSpec forever = Specs.of(Specs.java(sleeper));
    ProcessSpec ending = Specs.of(Specs.java(sleeper, directory.resolve("end").toString()));
    launcher.launch(Specs.WORKER, Specs.run(1), forever, Map.of("NSM_TOKEN", "secret"));
    launcher.launch(Specs.WORKER, Specs.run(2), ending, Map.of());
    launcher.launch(Specs.WORKER, Specs.run(3), Specs.shell("sleep 301 & sleep 302"), Map.of());
    Sleeper.main();
  }

  /** Sleeps until a file is there, then exits with 7. */
  static final class Sleeper {
    private Sleeper() {}

    public static void main(String... files) {
      while (files.length == 0 || !java.nio.file.Files.exists(Path.of(files[0]))) {
        java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
      }
      System.exit(7);
    }
  }
}
