package io.nsm.agent.node;

import io.nsm.supervisor.api.Change;
import io.nsm.supervisor.ledger.LedgerState;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.model.ProcessSpec;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Pure: what declaring some processes would change. */
final class Declaring {

  private Declaring() {}

  static List<Change> changes(LedgerState state, List<ProcessSpec> specs, boolean prune, long to) {
    List<Change> changes = new ArrayList<>();
    for (ProcessSpec spec : specs) {
      changes.add(change(state.process(spec.name()), spec, to));
    }
    if (prune) {
      Set<ProcessName> named = specs.stream().map(ProcessSpec::name).collect(Collectors.toSet());
      new TreeSet<>(state.processes().keySet())
          .stream()
              .filter(name -> !named.contains(name))
              .map(name -> new Change(name, Change.Action.REMOVE, List.of(), to, List.of()))
              .forEach(changes::add);
    }
    return changes;
  }

  private static Change change(Optional<LedgerState.Process> old, ProcessSpec spec, long to) {
    if (old.isEmpty()) {
      return new Change(spec.name(), Change.Action.CREATE, List.of(), to, List.of());
    }
    List<String> keys = differences(old.get().spec(), spec);
    if (keys.isEmpty()) {
      return new Change(
          spec.name(), Change.Action.NONE, List.of(), old.get().revision(), List.of());
    }
    boolean inPlace = spec.servedByRunOf(old.get().spec());
    return new Change(
        spec.name(), inPlace ? Change.Action.IN_PLACE : Change.Action.RESTART, keys, to, List.of());
  }

  /** The top-level keys in which two declarations differ. */
  static List<String> differences(ProcessSpec one, ProcessSpec other) {
    List<String> keys = new ArrayList<>();
    for (RecordComponent part : ProcessSpec.class.getRecordComponents()) {
      if (!Objects.equals(value(part, one), value(part, other))) {
        keys.add(part.getName());
      }
    }
    return keys;
  }

  private static Object value(RecordComponent part, ProcessSpec spec) {
    try {
      return part.getAccessor().invoke(spec);
    } catch (ReflectiveOperationException bug) {
      throw new IllegalStateException("a record's component cannot be read: " + part, bug);
    }
  }
}
