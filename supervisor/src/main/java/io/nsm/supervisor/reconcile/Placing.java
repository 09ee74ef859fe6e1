package io.nsm.supervisor.reconcile;

import io.nsm.supervisor.ledger.Command;
import io.nsm.supervisor.ledger.LedgerState;
import io.nsm.supervisor.model.HostEntry;
import io.nsm.supervisor.model.HostId;
import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.model.ProcessSpec;
import io.nsm.supervisor.model.ProcessSpec.HostRule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides on which host each instance lives. An instance stays where it is while that host is not
 * gone and still allowed; of the hosts allowed, the one that spreads best is taken, then the one
 * with the fewest instances, then the first by name.
 */
public final class Placing {

  private Placing() {}

  static List<Command> decide(LedgerState state, Seen seen, LedgerState.Process process) {
    List<Command> moves = new ArrayList<>();
    Map<Integer, HostId> places = new HashMap<>(process.placements());
    process.placements().entrySet().stream()
        .filter(place -> place.getKey() > process.spec().replicas())
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            place ->
                moves.add(
                    new Command.Place(
                        new InstanceId(process.name(), place.getKey()),
                        Optional.of(place.getValue()),
                        Optional.empty())));
    places.keySet().removeIf(number -> number > process.spec().replicas());
    if (!process.running()) {
      return moves;
    }
    for (int number = 1; number <= process.spec().replicas(); number++) {
      InstanceId instance = new InstanceId(process.name(), number);
      Optional<HostId> from = Optional.ofNullable(places.get(number));
      if (from.isPresent() && stays(state, seen, process, instance, from.get())) {
        continue;
      }
      places.remove(number);
      Optional<HostId> to = best(state, seen, process.spec(), places);
      if (to.isPresent() && !to.equals(from)) {
        moves.add(new Command.Place(instance, from, to));
        places.put(number, to.get());
      } else {
        from.ifPresent(host -> places.put(instance.number(), host));
      }
    }
    return moves;
  }

  /** The holder of a grant is never moved: it must have ended or expired first. */
  private static boolean stays(
      LedgerState state, Seen seen, LedgerState.Process process, InstanceId instance, HostId host) {
    if (process.holder().map(held -> held.instance().equals(instance)).orElse(false)) {
      return true;
    }
    Optional<HostEntry> entry = state.host(host);
    return entry.isPresent() && allowed(process.spec(), entry.get()) && !seen.gone(host);
  }

  private static Optional<HostId> best(
      LedgerState state, Seen seen, ProcessSpec spec, Map<Integer, HostId> places) {
    return state.hosts().values().stream()
        .filter(host -> seen.answered(host.id()) && allowed(spec, host))
        .filter(host -> !(spec.placement().antiAffinity() && places.containsValue(host.id())))
        .min(
            Comparator.<HostEntry>comparingLong(host -> crowding(state, spec, places, host))
                .thenComparingInt(host -> preference(spec, host))
                .thenComparingInt(host -> state.placedOn(host.id()).size())
                .thenComparing(HostEntry::name))
        .map(HostEntry::id);
  }

  /** How many instances share a host or a label value with this host, the first label first. */
  private static long crowding(
      LedgerState state, ProcessSpec spec, Map<Integer, HostId> places, HostEntry host) {
    long crowding = 0;
    for (String label : spec.placement().spread()) {
      String value = host.labels().getOrDefault(label, "");
      long sharing =
          places.values().stream()
              .flatMap(id -> state.host(id).stream())
              .filter(other -> other.labels().getOrDefault(label, "").equals(value))
              .count();
      crowding = crowding * 1000 + sharing;
    }
    long here = places.values().stream().filter(host.id()::equals).count();
    return crowding * 1000 + here;
  }

  private static int preference(ProcessSpec spec, HostEntry host) {
    int at = spec.activeStandby().prefer().indexOf(host.name());
    return at < 0 ? Integer.MAX_VALUE : at;
  }

  /** Whether a host may run instances of a process: it is no witness and every rule holds. */
  public static boolean allowed(ProcessSpec spec, HostEntry host) {
    return !host.witness() && spec.placement().on().stream().allMatch(rule -> holds(rule, host));
  }

  private static boolean holds(HostRule rule, HostEntry host) {
    String fact =
        rule.fact().equals("name")
            ? host.name().name()
            : host.labels().getOrDefault(rule.fact(), "");
    return rule.values().contains(fact) != rule.negated();
  }
}
