package io.nsm.supervisor.config;

import io.nsm.supervisor.model.ProcessSpec.HostRule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What placement rules leave over, by the rules alone. */
final class HostSets {
  private HostSets() {}

  /** Whether a host is thinkable that meets all rules. */
  static boolean satisfiable(List<HostRule> rules) {
    Set<String> facts = rules.stream().map(HostRule::fact).collect(Collectors.toSet());
    return facts.stream()
        .allMatch(fact -> allowed(fact, rules).map(left -> !left.isEmpty()).orElse(true));
  }

  /** Whether a host is thinkable that meets the rules of both. */
  static boolean mayMeet(List<HostRule> some, List<HostRule> others) {
    List<HostRule> both = new ArrayList<>(some);
    both.addAll(others);
    return satisfiable(both);
  }

  /** Whether the rules admit a host of this name, whatever its labels. */
  static boolean admitsName(String name, List<HostRule> rules) {
    return rules.stream()
        .filter(rule -> rule.fact().equals("name"))
        .allMatch(rule -> rule.values().contains(name) != rule.negated());
  }

  /** The values that the rules leave for a fact; empty where any value but some will do. */
  private static Optional<Set<String>> allowed(String fact, List<HostRule> rules) {
    Optional<Set<String>> left = Optional.empty();
    for (HostRule rule : rules) {
      if (rule.fact().equals(fact) && !rule.negated()) {
        Set<String> values = new HashSet<>(left.orElse(rule.values()));
        values.retainAll(rule.values());
        left = Optional.of(values);
      }
    }
    for (HostRule rule : rules) {
      if (rule.fact().equals(fact) && rule.negated()) {
        left.ifPresent(values -> values.removeAll(rule.values()));
      }
    }
    return left;
  }
}
