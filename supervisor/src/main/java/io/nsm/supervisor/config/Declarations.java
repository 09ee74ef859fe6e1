package io.nsm.supervisor.config;

import io.nsm.supervisor.config.Contradictions.Parsed;
import io.nsm.supervisor.config.YamlNode.Field;
import io.nsm.supervisor.config.YamlNode.Fields;
import io.nsm.supervisor.config.YamlNode.Scalar;
import io.nsm.supervisor.model.Names;
import io.nsm.supervisor.model.ProcessName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads declarations of processes: {@code processes.yaml}. */
public final class Declarations {
  static final String VERSION = "nsm/v1";

  /** The most processes that are declared together. */
  static final int MOST_PROCESSES = 1_000;

  private final Map<String, String> set;
  private final Problems problems;
  private final Map<String, Place> names = new LinkedHashMap<>();
  private final List<Parsed> processes = new ArrayList<>();
  private final Set<String> knownVariables = new TreeSet<>();

  private Declarations(Map<String, String> set, Problems problems) {
    this.set = Map.copyOf(set);
    this.problems = problems;
  }

  /**
   * Reads files, and all {@code *.yaml} and {@code *.yml} files of directories.
   *
   * @param set values of variables, which go before what the files say
   * @throws InvalidDeclarationException with all problems of all files
   */
  public static Declared read(List<Path> paths, Map<String, String> set, ClusterFacts cluster) {
    Problems problems = new Problems();
    return read(Sources.of(paths, problems), set, cluster, problems);
  }

  /**
   * Reads one text.
   *
   * @param name what to call it in problems
   * @throws InvalidDeclarationException with all problems
   */
  public static Declared readText(
      String name, String text, Map<String, String> set, ClusterFacts cluster) {
    return read(List.of(new Sources.Source(name, text)), set, cluster, new Problems());
  }

  private static Declared read(
      List<Sources.Source> sources,
      Map<String, String> set,
      ClusterFacts cluster,
      Problems problems) {
    Declarations declarations = new Declarations(set, problems);
    for (Sources.Source source : sources) {
      YamlSource.read(source.name(), source.text(), problems)
          .flatMap(
              node ->
                  Section.of(
                      node,
                      Shape.DECLARATION,
                      Place.of(source.name()),
                      new Texts(Optional.empty(), problems),
                      problems))
          .ifPresent(declarations::read);
    }
    declarations.checkSet();
    new Contradictions(cluster, problems).check(declarations.processes);
    problems.throwIfAny();
    return new Declared(
        declarations.processes.stream().map(Parsed::spec).toList(), problems.warnings());
  }

  private void read(Section root) {
    checkVersion(root);
    Variables variables = new Variables(variables(root), set, problems);
    variables.check();
    Texts texts = new Texts(Optional.of(variables), problems);
    Fields defaults = defaults(root, texts);
    Map<String, Field> declared =
        root.mapping("processes", "a mapping of process names to processes");
    if (declared.isEmpty() && root.placeOf("processes").equals(root.place())) {
      root.missing("'processes' is missing", "declare at least one process under it");
    } else if (declared.isEmpty()) {
      root.error("processes", "expected at least one process", "");
    }
    declared.forEach((name, field) -> process(name, field, defaults, texts));
    knownVariables.addAll(variables.known());
  }

  static void checkVersion(Section root) {
    if (!root.has("apiVersion")) {
      root.missing("'apiVersion' is missing", "begin with 'apiVersion: " + VERSION + "'");
    }
    // Only to find out whether it is the one that is known.
    Optional<String> unused =
        root.value(
            "apiVersion",
            new Texts.Reading<>(
                VERSION, YamlNode.Kind.TEXT, text -> Optional.of(text).filter(VERSION::equals)));
  }

  private Map<String, Scalar> variables(Section root) {
    Map<String, Scalar> variables = new LinkedHashMap<>();
    root.mapping("vars", "a mapping of names to texts")
        .forEach(
            (name, field) -> {
              if (!Variables.validName(name)) {
                problems.error(
                    Problem.at(
                            field.place(),
                            field.value().path(),
                            "'" + name + "' cannot name a variable")
                        .hint("use " + Variables.NAME_RULE));
              } else {
                Texts.variable(field.value(), problems)
                    .ifPresent(scalar -> variables.put(name, scalar));
              }
            });
    return variables;
  }

  private Fields defaults(Section root, Texts texts) {
    Optional<YamlNode> node = root.node("defaults");
    Place place = root.placeOf("defaults");
    node.flatMap(it -> Section.of(it, Shape.DEFAULTS, place, texts, problems))
        .ifPresent(section -> new ProcessReader(section, texts, problems).check());
    return node.isPresent() && node.get() instanceof Fields fields
        ? fields
        : new Fields(place, "defaults", Map.of(), 1);
  }

  private void process(String text, Field field, Fields defaults, Texts texts) {
    Optional<ProcessName> name = name(text, field);
    if (!(field.value() instanceof Fields own)) {
      problems.error(Texts.wrong(field.value(), "a process with 'java' or 'command', and 'mode'"));
      return;
    }
    Optional<Section> section =
        Section.of(
            ProcessReader.merged(own, defaults), Shape.PROCESS, field.place(), texts, problems);
    section.ifPresent(
        it ->
            new ProcessReader(it, texts, problems)
                .read(name)
                .ifPresent(spec -> processes.add(new Parsed(spec, it))));
  }

  private Optional<ProcessName> name(String text, Field field) {
    String path = field.value().path();
    if (!Names.valid(text)) {
      problems.error(
          Problem.at(field.place(), path, "'" + text + "' cannot name a process")
              .hint("a name has " + Names.RULE));
      return Optional.empty();
    }
    Place first = names.putIfAbsent(text, field.place());
    if (first != null) {
      problems.error(
          Problem.at(field.place(), path, "process '" + text + "' is declared already")
              .against(first)
              .hint("keep one of them, or rename it"));
    }
    if (names.size() == MOST_PROCESSES + 1) {
      problems.error(
          Problem.at(field.place(), path, "more than " + MOST_PROCESSES + " processes")
              .hint("apply them in parts"));
    }
    return first == null && names.size() <= MOST_PROCESSES
        ? Optional.of(new ProcessName(text))
        : Optional.empty();
  }

  private void checkSet() {
    for (String name : new TreeSet<>(set.keySet())) {
      if (!knownVariables.contains(name)) {
        problems.error(
            Problem.at(Place.of("--set " + name), "", "no declaration has a variable of this name")
                .hint(Closest.hint(name, knownVariables)));
      }
    }
  }
}
