package io.nsm.supervisor.config;

import io.nsm.supervisor.config.Texts.Facts;
import io.nsm.supervisor.model.Dependency;
import io.nsm.supervisor.model.Dependency.Condition;
import io.nsm.supervisor.model.Names;
import io.nsm.supervisor.model.ProcessName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads what a process waits for. */
final class DependsReader {
  private final Section process;
  private final Texts texts;
  private final Problems problems;

  DependsReader(Section process, Texts texts, Problems problems) {
    this.process = process;
    this.texts = texts;
    this.problems = problems;
  }

  /**
   * @param self the process itself, if it has a name
   */
  List<Dependency> read(Optional<ProcessName> self) {
    List<Dependency> dependencies = new ArrayList<>();
    for (YamlNode item : process.items("dependsOn", "dependencies")) {
      Optional<Section> section = Section.of(item, Shape.DEPENDENCY, item.place(), texts, problems);
      section
          .flatMap(this::dependency)
          .ifPresent(
              dependency -> {
                check(section.get(), dependency, self, dependencies);
                dependencies.add(dependency);
              });
    }
    return dependencies;
  }

  private void check(
      Section section, Dependency dependency, Optional<ProcessName> self, List<Dependency> before) {
    if (self.equals(Optional.of(dependency.process()))) {
      section.error("process", "a process cannot wait for itself", "name another one");
    } else if (before.stream().anyMatch(it -> it.process().equals(dependency.process()))) {
      section.error(
          "process", "'" + dependency.process() + "' is listed twice", "keep one of them");
    }
  }

  private Optional<Dependency> dependency(Section section) {
    Condition condition =
        section.choice("condition", Condition.class, Set.of()).orElse(Condition.READY);
    if (!section.has("process")) {
      section.missing("'process' is missing", "write 'process: NAME'");
      return Optional.empty();
    }
    Optional<String> name = section.text("process", "the name of a process", Facts.REFUSED);
    if (name.isPresent() && !Names.valid(name.get())) {
      section.error(
          "process", "'" + name.get() + "' cannot name a process", "a name has " + Names.RULE);
      return Optional.empty();
    }
    return name.map(text -> new Dependency(new ProcessName(text), condition));
  }
}
