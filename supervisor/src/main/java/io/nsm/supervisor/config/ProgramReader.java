package io.nsm.supervisor.config;

import io.nsm.supervisor.config.Texts.Facts;
import io.nsm.supervisor.config.Texts.Reading;
import io.nsm.supervisor.model.ProcessSpec.Command;
import io.nsm.supervisor.model.ProcessSpec.Entry;
import io.nsm.supervisor.model.ProcessSpec.Java;
import io.nsm.supervisor.model.ProcessSpec.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what is launched: {@code java} or {@code command}, and {@code artifact} beside it. */
final class ProgramReader {
  private static final long LEAST_JVM = 32L << 20;
  private static final Reading<Long> MEMORY = Reading.size(LEAST_JVM, 1L << 44);
  private static final Pattern HEAP =
      Pattern.compile("(-Xmx|-Xms|-XX:MaxHeapSize=|-XX:InitialHeapSize=)(.*)");
  private static final Pattern PLACED_ELSEWHERE =
      Pattern.compile("-(jar|cp|classpath|-class-path)(=.*)?");

  private final Section process;
  private final Texts texts;
  private final Problems problems;

  ProgramReader(Section process, Texts texts, Problems problems) {
    this.process = process;
    this.texts = texts;
    this.problems = problems;
  }

  /** The only thing a JVM can do about it so far. */
  enum OnOutOfMemory {
    EXIT
  }

  /**
   * The program, or nothing when it cannot be used.
   *
   * @param whole whether something to launch must be there; of defaults only parts are
   * @param bound the limit of memory of the whole process, in bytes
   */
  Optional<Program> read(boolean whole, Optional<Long> bound) {
    Optional<String> artifact = artifact();
    Optional<Section> java = process.section("java", Shape.JAVA);
    Optional<Program> command = process.has("command") ? command() : Optional.empty();
    Optional<Program> jvm = java.flatMap(section -> java(section, artifact, whole, bound));
    if (process.has("java") && process.has("command")) {
      problems.error(
          process
              .problem("command", "a process has either a command or java, which stands beside")
              .against(process.placeOf("java"))
              .hint("remove one of them"));
      return Optional.empty();
    }
    if (whole && !process.has("java") && !process.has("command")) {
      process.missing(
          "expected 'java' or 'command', but neither is there",
          "write what to launch, such as 'java: {jar: /opt/app/app.jar}'");
    }
    if (process.has("artifact") && process.has("command")) {
      problems.error(
          process
              .problem("artifact", "an artifact is for java, but this process has a command")
              .against(process.placeOf("command"))
              .hint("name the file in the command"));
    }
    return jvm.or(() -> command);
  }

  private Optional<String> artifact() {
    Optional<Section> section = process.section("artifact", Shape.ARTIFACT);
    if (section.isPresent() && !section.get().has("file")) {
      section.get().missing("'file' is missing", "write 'file: /path/to/the.jar'");
    }
    return section.flatMap(artifact -> path(artifact, "file"));
  }

  private Optional<Program> java(
      Section java, Optional<String> artifact, boolean whole, Optional<Long> bound) {
    Optional<Long> memory = memory(java, bound);
    OnOutOfMemory unused = java.choice("onOutOfMemory", OnOutOfMemory.EXIT);
    Optional<String> home = path(java, "home");
    List<String> options = options(java, memory);
    List<String> args = java.words("args", Facts.ALLOWED);
    Optional<Entry> entry = entry(java, artifact, whole);
    return entry.map(start -> new Java(home, start, options, args, memory));
  }

  /** A JVM is made to fit into what the whole process may have, unless it is given less. */
  private Optional<Long> memory(Section java, Optional<Long> bound) {
    Optional<Long> own =
        java.section("memory", Shape.MEMORY).flatMap(it -> it.value("limit", MEMORY));
    if (own.isPresent() && bound.isPresent() && own.get() > bound.get()) {
      problems.error(
          Problem.at(
                  java.placeOf("memory", "limit"),
                  java.pathOf("memory.limit"),
                  Units.text(own.get())
                      + " is more than the "
                      + Units.text(bound.get())
                      + " of the whole process")
              .against(process.placeOf("memory", "limit"))
              .hint("lower it, or leave it out: it follows from the other"));
    }
    if (own.isEmpty() && bound.isPresent() && bound.get() < LEAST_JVM) {
      problems.error(
          Problem.at(
                  process.placeOf("memory", "limit"),
                  process.pathOf("memory.limit"),
                  Units.text(bound.get()) + " is too little for a JVM")
              .hint("use " + Units.text(LEAST_JVM) + " or more"));
    }
    return own.or(() -> bound);
  }

  /** Where the limit was declared that bounds a JVM. */
  private Place limitPlace(Section java) {
    return java.has("memory")
        ? java.placeOf("memory", "limit")
        : process.placeOf("memory", "limit");
  }

  private Optional<Entry> entry(Section java, Optional<String> artifact, boolean whole) {
    Optional<String> jar = java.has("jar") ? jar(java, artifact) : Optional.empty();
    Optional<String> main = java.text("mainClass", "the name of a class", Facts.ALLOWED);
    List<String> classPath = classPath(java);
    if (java.has("jar") && (java.has("mainClass") || java.has("classpath"))) {
      String other = java.has("mainClass") ? "mainClass" : "classpath";
      problems.error(
          java.problem(other, "a JVM starts from a jar or from a class path, not from both")
              .against(java.placeOf("jar"))
              .hint("remove 'jar', or 'mainClass' and 'classpath'"));
      return Optional.empty();
    }
    if (java.has("mainClass") != java.has("classpath") && whole) {
      String there = java.has("mainClass") ? "mainClass" : "classpath";
      String missing = java.has("mainClass") ? "classpath" : "mainClass";
      java.error(there, "'" + missing + "' is missing beside it", "add '" + missing + "'");
      return Optional.empty();
    }
    if (whole && !java.has("jar") && !java.has("mainClass")) {
      if (artifact.isPresent()) {
        return Optional.of(new Entry(artifact, Optional.empty(), List.of()));
      }
      java.missing(
          "expected 'jar', or 'mainClass' and 'classpath', but neither is there",
          "write 'jar: /path/to/the.jar'");
    }
    if (main.isPresent()) {
      return Optional.of(new Entry(Optional.empty(), main, classPath));
    }
    return jar.map(file -> new Entry(Optional.of(file), Optional.empty(), List.of()));
  }

  /** A jar by its bare name is the artifact's file. */
  private Optional<String> jar(Section java, Optional<String> artifact) {
    Optional<String> jar = java.text("jar", "the path of a jar", Facts.ALLOWED);
    if (jar.isEmpty() || absolute(jar.get())) {
      return jar;
    }
    if (!process.has("artifact")) {
      java.error("jar", relative(jar.get()), "write the whole path, or name it under 'artifact'");
      return Optional.empty();
    }
    if (artifact.isPresent() && !artifact.get().endsWith("/" + jar.get())) {
      problems.error(
          java.problem("jar", "'" + jar.get() + "' is not the artifact's file")
              .against(process.placeOf("artifact", "file"))
              .hint("write the same file name, or the whole path"));
      return Optional.empty();
    }
    return artifact;
  }

  private List<String> classPath(Section java) {
    List<String> paths = new ArrayList<>();
    for (YamlNode item : java.items("classpath", "paths")) {
      Optional<String> path = texts.text(item, "a path", Facts.ALLOWED);
      path.ifPresent(paths::add);
      if (path.isPresent() && !absolute(path.get())) {
        problems.error(
            Problem.at(item.place(), item.path(), relative(path.get()))
                .hint("write the whole path"));
      }
    }
    if (java.has("classpath") && java.items("classpath", "paths").isEmpty()) {
      java.error("classpath", "expected at least one path", "");
    }
    return paths;
  }

  private List<String> options(Section java, Optional<Long> memory) {
    List<String> options = new ArrayList<>();
    for (YamlNode item : java.items("jvmOptions", "JVM options")) {
      Optional<String> option = texts.word(item, Facts.ALLOWED);
      option.ifPresent(text -> checkOption(java, item, text, memory));
      option.ifPresent(options::add);
    }
    return options;
  }

  private void checkOption(Section java, YamlNode item, String option, Optional<Long> memory) {
    if (!option.startsWith("-") && !option.startsWith("@") && !option.startsWith("${")) {
      problems.error(
          Problem.at(item.place(), item.path(), "'" + option + "' is not a JVM option")
              .hint("JVM options begin with '-'; put the program's own under 'args'"));
    } else if (PLACED_ELSEWHERE.matcher(option).matches()) {
      problems.error(
          Problem.at(item.place(), item.path(), "'" + option + "' has its own key")
              .hint("use 'jar', or 'mainClass' and 'classpath'"));
    }
    Matcher heap = HEAP.matcher(option);
    if (heap.matches() && memory.isPresent()) {
      Optional<Long> size = Units.heapBytes(heap.group(2));
      if (size.isPresent() && size.get() > memory.get()) {
        problems.error(
            Problem.at(
                    item.place(),
                    item.path(),
                    option + " is more than memory.limit " + Units.text(memory.get()))
                .against(limitPlace(java))
                .hint("lower the heap or raise the limit"));
      }
    }
  }

  private Optional<Program> command() {
    List<String> words = process.words("command", Facts.ALLOWED);
    if (words.isEmpty()) {
      process.error("command", "expected the program and its arguments", "");
      return Optional.empty();
    }
    if (!absolute(words.get(0)) && words.get(0).contains("/")) {
      process.error(
          "command",
          relative(words.get(0)),
          "write the whole path, or a bare name to find on PATH");
    }
    return Optional.of(new Command(words));
  }

  private Optional<String> path(Section section, String key) {
    Optional<String> path = section.text(key, "a path", Facts.ALLOWED);
    if (path.isPresent() && !absolute(path.get())) {
      section.error(key, relative(path.get()), "write the whole path");
      return Optional.empty();
    }
    return path;
  }

  private static String relative(String path) {
    return "'"
        + path
        + "' is not an absolute path, and processes start in directories of their own";
  }

  /** A fact of the host in front may stand for the root. */
  private static boolean absolute(String path) {
    return path.startsWith("/") || path.startsWith("${");
  }
}
