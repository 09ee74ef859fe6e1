package io.nsm.agent.launch;

import io.nsm.supervisor.model.ProcessSpec;
import io.nsm.supervisor.model.ProcessSpec.Program;
import io.nsm.supervisor.model.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a run is started, all decided and nothing done yet.
 *
 * @param words the program and its arguments, behind what lowers its priority
 * @param tied whether it ends with this agent
 * @param user as whom it runs, if not as the agent
 * @param files how many files it may have open, as {@code ulimit -n} takes it
 * @param umask octal
 */
record LaunchPlan(
    List<String> words,
    Map<String, String> environment,
    Path workDirectory,
    boolean tied,
    Optional<RunUser> user,
    Optional<Integer> files,
    Optional<String> umask) {
  LaunchPlan {
    words = List.copyOf(words);
    environment = Map.copyOf(environment);
  }

  /**
   * Plans the start of a declaration that has the facts of the host filled in.
   *
   * @throws CannotLaunchException if something it names is missing on this host
   */
  static LaunchPlan of(
      LaunchSettings settings,
      ProcessSpec spec,
      Map<String, String> environment,
      Path runDirectory) {
    Resources resources = spec.resources();
    Path workDirectory =
        resources
            .workDir()
            .map(path -> directory(settings, spec, path))
            .orElseGet(settings::workingDirectory);
    Optional<RunUser> user = RunUser.of(spec, settings.facts().name().name());
    Map<String, String> surroundings = new HashMap<>(environment);
    user.ifPresent(
        other ->
            other
                .environment()
                .forEach(
                    (name, value) -> {
                      if (!spec.env().containsKey(name)) {
                        surroundings.put(name, value);
                      }
                    }));
    List<String> words = new ArrayList<>();
    resources.nice().ifPresent(nice -> words.addAll(niceness(settings, spec, nice)));
    user.ifPresent(other -> words.addAll(other.words()));
    Path jvmFiles = user.isPresent() ? runDirectory.resolve(RunFiles.OF_USER) : runDirectory;
    words.addAll(CommandLine.of(settings, spec, environment, jvmFiles));
    return new LaunchPlan(
        words,
        surroundings,
        workDirectory,
        tied(spec.program()),
        user,
        resources.files(),
        resources.umask());
  }

  /** A command knows no lease: without its agent nothing would keep it from acting on. */
  private static boolean tied(Program program) {
    return program.match(
        new Program.Cases<>() {
          @Override
          public Boolean java(ProcessSpec.Java java) {
            return false;
          }

          @Override
          public Boolean command(ProcessSpec.Command command) {
            return true;
          }
        });
  }

  private static Path directory(LaunchSettings settings, ProcessSpec spec, String path) {
    Path directory = Path.of(path);
    if (!Files.isDirectory(directory)) {
      throw new CannotLaunchException(
          "processes."
              + spec.name()
              + ".workDir: "
              + path
              + " on host "
              + settings.facts().name()
              + ": no such directory");
    }
    return directory;
  }

  private static List<String> niceness(LaunchSettings settings, ProcessSpec spec, int nice) {
    Path program =
        HostPrograms.find("nice")
            .orElseThrow(
                () ->
                    new CannotLaunchException(
                        "processes."
                            + spec.name()
                            + ".nice: host "
                            + settings.facts().name()
                            + " has no program 'nice' on the agent's PATH; install coreutils"));
    return List.of(program.toString(), "-n", Integer.toString(nice - own()));
  }

  /** The program 'nice' counts from what it has itself. */
  private static int own() {
    try {
      return ProcStat.ownNice();
    } catch (IOException e) {
      throw new CannotLaunchException("cannot tell the agent's own priority: " + e);
    }
  }
}
