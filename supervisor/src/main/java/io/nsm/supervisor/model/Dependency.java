package io.nsm.supervisor.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a process waits for before its instances are started, on whatever host that is. */
public record Dependency(ProcessName process, Condition condition) {

  /** When another process is there. */
  public enum Condition {
    /** A run of it lives. */
    STARTED,
    /** An instance of it is ready, or acts and is ready. */
    READY,
    /** One of its instances acts, as it says itself. */
    ACTIVE,
    /** It is a one-shot whose last run succeeded. */
    COMPLETED
  }

  @Override
  public String toString() {
    return process + " to be " + condition.name().toLowerCase(Locale.ROOT);
  }

  /** Processes that wait for each other in a circle, the first one again at the end. */
  public static Optional<List<ProcessName>> circle(Collection<ProcessSpec> specs) {
    Map<ProcessName, ProcessSpec> byName = new HashMap<>();
    specs.forEach(spec -> byName.put(spec.name(), spec));
    Set<ProcessName> done = new HashSet<>();
    return specs.stream()
        .map(ProcessSpec::name)
        .sorted(Comparator.naturalOrder())
        .flatMap(name -> circle(name, byName, new ArrayList<>(), done).stream())
        .findFirst();
  }

  private static Optional<List<ProcessName>> circle(
      ProcessName at,
      Map<ProcessName, ProcessSpec> specs,
      List<ProcessName> way,
      Set<ProcessName> done) {
    int seen = way.indexOf(at);
    way.add(at);
    if (seen >= 0) {
      return Optional.of(List.copyOf(way.subList(seen, way.size())));
    }
    ProcessSpec spec = specs.get(at);
    if (spec != null && !done.contains(at)) {
      for (Dependency on : spec.dependsOn()) {
        Optional<List<ProcessName>> found = circle(on.process(), specs, way, done);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    done.add(at);
    way.remove(way.size() - 1);
    return Optional.empty();
  }
}
