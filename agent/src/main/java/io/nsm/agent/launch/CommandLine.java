package io.nsm.agent.launch;

import io.nsm.supervisor.model.JvmMemory;
import io.nsm.supervisor.model.ProcessSpec;
import io.nsm.supervisor.model.ProcessSpec.Program;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The words that start a program, checked against what is on this host. The declaration has the
 * facts of the host filled in.
 */
final class CommandLine {
  private final LaunchSettings settings;
  private final ProcessSpec spec;
  private final Map<String, String> environment;
  private final Path runDirectory;

  private CommandLine(
      LaunchSettings settings,
      ProcessSpec spec,
      Map<String, String> environment,
      Path runDirectory) {
    this.settings = settings;
    this.spec = spec;
    this.environment = environment;
    this.runDirectory = runDirectory;
  }

  /**
   * The first word is an absolute path of something executable.
   *
   * @throws CannotLaunchException if something the declaration names is missing
   */
  static List<String> of(
      LaunchSettings settings,
      ProcessSpec spec,
      Map<String, String> environment,
      Path runDirectory) {
    CommandLine line = new CommandLine(settings, spec, environment, runDirectory);
    return spec.program()
        .match(
            new Program.Cases<>() {
              @Override
              public List<String> java(ProcessSpec.Java java) {
                return line.java(java);
              }

              @Override
              public List<String> command(ProcessSpec.Command command) {
                return line.command(command);
              }
            });
  }

  private List<String> java(ProcessSpec.Java java) {
    List<String> given = java.jvmOptions();
    List<String> words = new ArrayList<>();
    words.add(javaProgram(java.home()).toString());
    // Before the declared ones: the JVM lets the last of two equal options win.
    words.add("-XX:+ExitOnOutOfMemoryError");
    words.add("-XX:ErrorFile=" + runDirectory.resolve("hs_err.log"));
    if (given.stream().noneMatch(CommandLine::logsGc)) {
      words.add(gcLog());
    }
    if (java.memoryLimit().isPresent()) {
      words.addAll(JvmMemory.options(java.memoryLimit().get(), given));
      // Without a limit a dump could be as big as the machine.
      words.add("-XX:+HeapDumpOnOutOfMemoryError");
      words.add("-XX:HeapDumpPath=" + runDirectory.resolve(RunFiles.HEAP_DUMP));
    }
    words.addAll(given);
    words.addAll(entry(java.entry()));
    words.addAll(java.args());
    return words;
  }

  /** Bounded: a file is begun anew when it is full, and the one before is kept. */
  private String gcLog() {
    return "-Xlog:gc*,safepoint:file=\""
        + runDirectory.resolve(RunFiles.GC_LOG)
        + "\":time,uptime,level,tags:filecount=1,filesize=2M";
  }

  private static boolean logsGc(String option) {
    return option.startsWith("-Xloggc:") || option.startsWith("-Xlog:gc");
  }

  private List<String> entry(ProcessSpec.Entry entry) {
    if (entry.jar().isPresent()) {
      Path jar = path(entry.jar().get());
      if (!Files.isReadable(jar) || Files.isDirectory(jar)) {
        throw missing("java.jar", jar, "no readable file");
      }
      return List.of("-jar", jar.toString());
    }
    List<String> classPath = new ArrayList<>();
    for (int i = 0; i < entry.classPath().size(); i++) {
      classPath.add(classPathEntry("java.classpath[" + i + "]", entry.classPath().get(i)));
    }
    String mainClass = entry.mainClass().orElseThrow();
    return List.of("-cp", String.join(File.pathSeparator, classPath), mainClass);
  }

  /** The java launcher itself expands {@code directory/*}. */
  private String classPathEntry(String key, String text) {
    boolean jars = text.endsWith("/*");
    Path path = path(jars ? text.substring(0, text.length() - 2) : text);
    if (jars && !Files.isDirectory(path)) {
      throw missing(key, path, "no such directory");
    }
    if (!Files.exists(path)) {
      throw missing(key, path, "no such file or directory");
    }
    return jars ? path + "/*" : path.toString();
  }

  private Path javaProgram(Optional<String> declaredHome) {
    if (declaredHome.isPresent()) {
      Path java = path(declaredHome.get()).resolve("bin/java");
      if (!Files.isExecutable(java)) {
        throw missing("java.home", java, "no java there");
      }
      return java;
    }
    Optional<Path> home = settings.javaHome().map(path -> path.resolve("bin/java"));
    if (home.isPresent() && !Files.isExecutable(home.get())) {
      throw missing("java", home.get(), "no java there; this host's java home is wrong");
    }
    return home.or(() -> onPath("java"))
        .orElseThrow(
            () ->
                missing(
                    "java",
                    Path.of("java"),
                    "none on the path; declare java.home, or give the agent a JAVA_HOME"));
  }

  private List<String> command(ProcessSpec.Command command) {
    List<String> words = new ArrayList<>(command.words());
    if (words.isEmpty() || words.get(0).isEmpty()) {
      throw new CannotLaunchException(key("command") + ": names no program");
    }
    String program = words.get(0);
    Optional<Path> found =
        program.contains("/")
            ? Optional.of(settings.workingDirectory().resolve(program))
            : onPath(program);
    if (found.isEmpty()) {
      throw missing("command[0]", Path.of(program), "not on the path " + searchPath());
    }
    if (!Files.isRegularFile(found.get())) {
      throw missing("command[0]", found.get(), "no such file");
    }
    if (!Files.isExecutable(found.get())) {
      throw missing("command[0]", found.get(), "not executable");
    }
    words.set(0, found.get().toString());
    return words;
  }

  private Optional<Path> onPath(String program) {
    return Stream.of(searchPath().split(File.pathSeparator))
        .filter(directory -> !directory.isEmpty())
        .map(directory -> settings.workingDirectory().resolve(directory).resolve(program))
        .filter(path -> Files.isRegularFile(path) && Files.isExecutable(path))
        .findFirst();
  }

  private String searchPath() {
    return environment.getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin");
  }

  private Path path(String text) {
    return settings.workingDirectory().resolve(text).normalize();
  }

  private CannotLaunchException missing(String key, Path path, String what) {
    return new CannotLaunchException(
        key(key) + ": " + path + " on host " + settings.facts().name() + ": " + what);
  }

  private String key(String key) {
    return "processes." + spec.name() + "." + key;
  }
}
