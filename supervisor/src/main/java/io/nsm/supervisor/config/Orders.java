package io.nsm.supervisor.config;

import io.nsm.supervisor.config.Contradictions.Parsed;
import io.nsm.supervisor.model.Dependency;
import io.nsm.supervisor.model.Dependency.Condition;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.model.ProcessSpec;
import io.nsm.supervisor.model.ProcessSpec.Mode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds what processes wait for in vain. */
final class Orders {
  private final Map<ProcessName, Parsed> processes = new LinkedHashMap<>();
  private final Problems problems;

  Orders(List<Parsed> processes, Problems problems) {
    processes.forEach(process -> this.processes.put(process.spec().name(), process));
    this.problems = problems;
  }

  void check() {
    processes.values().forEach(this::check);
    Dependency.circle(processes.values().stream().map(Parsed::spec).toList())
        .filter(circle -> circle.size() > 2)
        .ifPresent(this::refuse);
  }

  private void refuse(List<ProcessName> circle) {
    String way = circle.stream().map(ProcessName::name).collect(Collectors.joining(" -> "));
    processes.values().stream()
        .filter(process -> process.spec().name().equals(circle.get(0)))
        .forEach(
            first ->
                first
                    .section()
                    .error(
                        "dependsOn",
                        "these wait for each other: " + way,
                        "take out one of the dependencies"));
  }

  private void check(Parsed process) {
    for (Dependency dependency : process.spec().dependsOn()) {
      Optional<Parsed> on = Optional.ofNullable(processes.get(dependency.process()));
      if (on.isPresent()) {
        checkCondition(process, dependency, on.get());
      } else {
        unknown(process, dependency.process().name());
      }
    }
  }

  /** It may be declared elsewhere; a name that is nearly one of these is rather meant to be it. */
  private void unknown(Parsed process, String name) {
    List<String> others =
        processes.keySet().stream()
            .filter(other -> !other.equals(process.spec().name()))
            .map(ProcessName::name)
            .toList();
    Optional<String> near = Closest.of(name, others);
    Problem problem =
        process.section().problem("dependsOn", "no process '" + name + "' is declared here");
    if (near.isPresent()) {
      problems.error(problem.hint("did you mean '" + near.get() + "'?"));
    } else {
      problems.warning(
          problem.hint(process.spec().name() + " waits until it is declared elsewhere"));
    }
  }

  private void checkCondition(Parsed process, Dependency dependency, Parsed on) {
    ProcessSpec other = on.spec();
    boolean never =
        dependency.condition() == Condition.COMPLETED && other.mode() != Mode.ONE_SHOT
            || dependency.condition() == Condition.ACTIVE && other.mode() == Mode.REPLICATED;
    if (never) {
      String word = Texts.word(dependency.condition());
      problems.error(
          process
              .section()
              .problem(
                  "dependsOn",
                  "'%s' is never %s: its mode is %s"
                      .formatted(other.name(), word, Texts.word(other.mode())))
              .against(on.section().placeOf("mode"))
              .hint("use 'condition: ready'"));
    }
  }
}
