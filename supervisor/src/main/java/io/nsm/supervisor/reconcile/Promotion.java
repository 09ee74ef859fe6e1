package io.nsm.supervisor.reconcile;

import io.nsm.supervisor.ledger.Command;
import io.nsm.supervisor.ledger.Command.Evidence;
import io.nsm.supervisor.ledger.LedgerState;
import io.nsm.supervisor.ledger.LedgerState.Wish;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.Grant.Held;
import io.nsm.supervisor.model.HostEntry;
import io.nsm.supervisor.model.HostId;
import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.model.InstanceReport;
import io.nsm.supervisor.model.ProcessSpec;
import io.nsm.supervisor.model.RunId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Decides who acts. A grant is replaced only when it is vacant, when its holder's own agent gave it
 * up, or when its holder's host cannot act any more by this leader's clock; and only by a run that
 * is ready on a host that this leader answered not long ago.
 */
public final class Promotion {

  private Promotion() {}

  static Optional<Command> decide(LedgerState state, Seen seen, LedgerState.Process process) {
    // A process that became replicated may still be held; that grant ends, and none follows it.
    boolean wanted =
        process.exclusive()
            && process.running()
            && !process.finished()
            && !seen.replicasLeft(process.name());
    Optional<Held> holder = process.holder();
    if (holder.isEmpty()) {
      return wanted
          ? grant(state, seen, process, process.grant().epoch(), new Evidence.Vacant())
          : Optional.empty();
    }
    Optional<Evidence.GivenUp> givenUp = givenUp(seen, process, holder.get());
    if (givenUp.isPresent()) {
      Epoch epoch = holder.get().epoch();
      Optional<Command> next =
          wanted ? grant(state, seen, process, epoch, givenUp.get()) : Optional.empty();
      return next.or(() -> Optional.of(vacate(process, epoch, givenUp.get())));
    }
    if (seen.gone(holder.get().host())) {
      Epoch epoch = holder.get().epoch();
      Optional<Command> next =
          wanted
              ? grant(state, seen, process, epoch, new Evidence.Expired(seen.term()))
              : Optional.empty();
      return next.or(() -> Optional.of(new Command.Expire(process.name(), epoch, seen.term())));
    }
    return wanted ? moveOn(state, seen, process, holder.get()) : Optional.empty();
  }

  private static Optional<Evidence.GivenUp> givenUp(
      Seen seen, LedgerState.Process process, Held holder) {
    return Optional.ofNullable(seen.givenUp().get(process.name()))
        .filter(said -> said.epoch().equals(holder.epoch()))
        .map(Seen.GivenUp::evidence)
        .filter(said -> said.run().equals(holder.run()));
  }

  private static Command vacate(
      LedgerState.Process process, Epoch epoch, Evidence.GivenUp givenUp) {
    return new Command.Vacate(
        process.name(), epoch, givenUp.run(), givenUp.why(), givenUp.noticedMicros());
  }

  private static Optional<Command> grant(
      LedgerState state,
      Seen seen,
      LedgerState.Process process,
      Epoch replaces,
      Evidence evidence) {
    return candidates(state, seen, process).stream()
        .findFirst()
        .map(
            chosen ->
                new Command.Grant(
                    process.name(),
                    replaces,
                    evidence,
                    chosen.instance(),
                    chosen.host(),
                    chosen.run()));
  }

  /** The holder can act; is another wanted in its place? */
  private static Optional<Command> moveOn(
      LedgerState state, Seen seen, LedgerState.Process process, Held holder) {
    if (process.handOver().isPresent()) {
      return Optional.empty();
    }
    boolean another =
        candidates(state, seen, process).stream()
            .anyMatch(c -> !c.instance().equals(holder.instance()));
    if (seen.overdue().contains(process.name()) && another) {
      return Optional.of(
          handOver(process, holder, Optional.empty(), "it did not act within activationTimeout"));
    }
    return failback(state, seen, process, holder);
  }

  private static Optional<Command> failback(
      LedgerState state, Seen seen, LedgerState.Process process, Held holder) {
    ProcessSpec.ActiveStandby rules = process.spec().activeStandby();
    if (rules.failback() != ProcessSpec.Failback.PREFERRED) {
      return Optional.empty();
    }
    int now = rank(state, process.spec(), holder.host());
    return candidates(state, seen, process).stream()
        .filter(candidate -> !seen.shunned().contains(candidate.instance()))
        .filter(candidate -> rank(state, process.spec(), candidate.host()) < now)
        .findFirst()
        .map(
            candidate ->
                handOver(process, holder, Optional.of(candidate.host()), "failback: preferred"));
  }

  private static Command.HandOver handOver(
      LedgerState.Process process, Held holder, Optional<HostId> to, String why) {
    String request = "leader-" + process.name() + "-" + holder.epoch();
    return new Command.HandOver(request, process.name(), holder.epoch(), to, why);
  }

  private record Candidate(InstanceId instance, HostId host, RunId run) {}

  /** Every run that could act now, the best first. */
  private static List<Candidate> candidates(
      LedgerState state, Seen seen, LedgerState.Process process) {
    List<Candidate> candidates = new ArrayList<>();
    process
        .placements()
        .forEach(
            (number, host) -> {
              InstanceId instance = new InstanceId(process.name(), number);
              if (seen.answered(host)) {
                seen.report(host, instance)
                    .filter(InstanceReport::candidate)
                    .flatMap(InstanceReport::run)
                    .ifPresent(run -> candidates.add(new Candidate(instance, host, run)));
              }
            });
    candidates.sort(
        Comparator.<Candidate>comparingInt(c -> wished(process, c) ? 0 : 1)
            .thenComparingInt(c -> leaving(process, c) ? 1 : 0)
            .thenComparingInt(c -> seen.shunned().contains(c.instance()) ? 1 : 0)
            .thenComparingInt(c -> rank(state, process.spec(), c.host()))
            .thenComparing(Candidate::instance));
    return candidates;
  }

  private static boolean wished(LedgerState.Process process, Candidate candidate) {
    return process.handOver().flatMap(Wish::to).map(candidate.host()::equals).orElse(false);
  }

  private static boolean leaving(LedgerState.Process process, Candidate candidate) {
    return process.handOver().map(wish -> wish.holder().equals(candidate.instance())).orElse(false);
  }

  private static int rank(LedgerState state, ProcessSpec spec, HostId host) {
    int at =
        state
            .host(host)
            .map(HostEntry::name)
            .map(name -> spec.activeStandby().prefer().indexOf(name))
            .orElse(-1);
    return at < 0 ? Integer.MAX_VALUE : at;
  }
}
