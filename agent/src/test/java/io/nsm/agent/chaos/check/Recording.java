package io.nsm.agent.chaos.check;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * All that was written down during a run, in the order of time. What files are missing is said in
 * {@code missing}; what they would tell is empty then.
 */
record Recording(
    Facts facts,
    List<Effect> effects,
    List<TermEvent> terms,
    List<Save> saves,
    List<MapCall> maps,
    List<FaultEvent> faults,
    Optional<End> end,
    Optional<Leaks> leaks,
    List<String> missing) {

  /**
   * What was run.
   *
   * @param margin in ns: how long a pause between a check and its effect may last
   */
  record Facts(long at, long seed, long hosts, String profile, long margin) {}

  /** What was there after the last fault was healed. */
  record End(long at, boolean well, List<String> problems, List<Instance> instances) {}

  record Instance(String name, String host, String state, boolean good) {}

  /** What was left after all was stopped; by what it is, each kind with its list. */
  record Leaks(long at, Map<String, List<String>> left) {}

  List<TermEvent> of(TermEvent.Kind kind) {
    return terms.stream().filter(event -> event.kind() == kind).toList();
  }

  /** The activations of each process, by name. */
  Map<String, List<TermEvent>> activations() {
    return byProcess(of(TermEvent.Kind.ACTIVATE), event -> event.run().process());
  }

  static <T> Map<String, List<T>> byProcess(List<T> all, Function<T, String> process) {
    return all.stream().collect(Collectors.groupingBy(process, TreeMap::new, Collectors.toList()));
  }
}
