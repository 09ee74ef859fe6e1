package io.nsm.supervisor.control;

import io.nsm.supervisor.ledger.Command;
import io.nsm.supervisor.ledger.LedgerState;
import io.nsm.supervisor.ledger.Replica;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.Event;
import io.nsm.supervisor.model.Grant;
import io.nsm.supervisor.model.HostId;
import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.model.InstanceReport;
import io.nsm.supervisor.model.ProcessName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Follows each promotion from its cause to the new one's acting, and says how long it took. */
final class Promotions {

  /** A grant whose holder has not said yet that it acts. */
  private record Pending(
      Grant.Held grant, String cause, double noticedMillis, double decidedMillis, long grantedAt) {}

  /** Since when nobody holds the grant, and why. */
  private record Vacancy(String why, double noticedMillis, long at) {}

  private final Map<ProcessName, Pending> pending = new HashMap<>();
  private final Map<ProcessName, HostId> holders = new HashMap<>();
  private final Map<HostId, Long> heardAt = new HashMap<>();
  private final Map<ProcessName, Vacancy> vacancies = new HashMap<>();

  /** A term begins: whoever holds a grant has its time to say so from now. */
  void begin(LedgerState state, long now) {
    pending.clear();
    vacancies.clear();
    holders.clear();
    heardAt.clear();
    for (LedgerState.Process process : state.processes().values()) {
      process
          .holder()
          .ifPresent(
              held -> {
                holders.put(process.name(), held.host());
                pending.put(process.name(), new Pending(held, "LEADER_CHANGED", 0, 0, now));
              });
    }
  }

  /** A host was answered: nothing of it was missed until then. */
  void heard(HostId host, long now) {
    heardAt.put(host, now);
  }

  /** How long ago the holder of a process was heard of last; 0 if that is not known. */
  private double silentMillis(ProcessName process, long now) {
    Long heard = heardAt.get(holders.get(process));
    return heard == null ? 0 : (now - heard) / 1e6;
  }

  /** The holder's agent gave up its grant, which is still in the ledger. */
  void gaveUp(Message.GaveUp gaveUp, long now) {
    vacancies.putIfAbsent(
        gaveUp.process(), new Vacancy(gaveUp.why(), gaveUp.noticedMicros() / 1000.0, now));
  }

  void applied(Replica.Entry entry, long now) {
    if (!entry.answer().effective()) {
      return;
    }
    if (entry.command() instanceof Command.Vacate vacate) {
      vacancies.putIfAbsent(
          vacate.process(), new Vacancy(vacate.why(), vacate.noticedMicros() / 1000.0, now));
      pending.remove(vacate.process());
    } else if (entry.command() instanceof Command.Expire expire) {
      vacancies.putIfAbsent(
          expire.process(), new Vacancy("HOST_LOST", silentMillis(expire.process(), now), now));
      pending.remove(expire.process());
    } else if (entry.command() instanceof Command.Finish finish) {
      pending.remove(finish.process());
    } else if (entry.command() instanceof Command.Grant grant) {
      granted(entry, grant, now);
    }
  }

  private void granted(Replica.Entry entry, Command.Grant grant, long now) {
    Optional<Grant.Held> held =
        entry.state().process(grant.process()).flatMap(LedgerState.Process::holder);
    if (held.isEmpty()) {
      return;
    }
    boolean expired = grant.evidence() instanceof Command.Evidence.Expired;
    Vacancy vacancy = vacancies.remove(grant.process());
    String cause =
        vacancy != null
            ? vacancy.why()
            : expired
                ? "HOST_LOST"
                : grant.replaces().equals(Epoch.NONE) ? "FIRST_START" : "VACANT";
    pending.put(
        grant.process(),
        new Pending(
            held.get(),
            cause,
            vacancy != null
                ? vacancy.noticedMillis()
                : expired ? silentMillis(grant.process(), now) : 0,
            vacancy == null ? 0 : (now - vacancy.at()) / 1e6,
            now));
    holders.put(grant.process(), held.get().host());
  }

  /** A host said what its instances do; gives the promotions that this completes. */
  List<Event> reported(Message.Report report, LedgerState state, long wallMillis, long now) {
    List<Event> events = new ArrayList<>();
    for (InstanceReport instance : report.reports()) {
      ProcessName name = instance.instance().process();
      Pending waiting = pending.get(name);
      if (waiting != null && instance.acting().equals(Optional.of(waiting.grant().epoch()))) {
        pending.remove(name);
        if (!told(state, waiting.grant().epoch())) {
          events.add(event(waiting, instance.instance(), state, wallMillis, now));
        }
      }
    }
    return events;
  }

  /** Whether an earlier leader told of it. */
  private static boolean told(LedgerState state, Epoch epoch) {
    return state.events().stream()
        .flatMap(event -> event.timeline().stream())
        .anyMatch(timeline -> timeline.epoch().equals(epoch));
  }

  private static Event event(
      Pending waiting, InstanceId instance, LedgerState state, long wallMillis, long now) {
    Event.Timeline timeline =
        new Event.Timeline(
            waiting.cause(),
            waiting.grant().epoch(),
            waiting.noticedMillis(),
            waiting.decidedMillis(),
            (now - waiting.grantedAt()) / 1e6);
    String host = state.nameOf(waiting.grant().host());
    return new Event(
        wallMillis,
        "promoted",
        Optional.of(instance.process()),
        Optional.of(instance),
        state.host(waiting.grant().host()).map(h -> h.name()),
        Optional.of(waiting.cause()),
        "%s is active on %s in epoch %s".formatted(instance, host, waiting.grant().epoch()),
        Optional.of(timeline));
  }

  /** Holders that did not say in time that they act. */
  List<InstanceId> overdue(LedgerState state, long now) {
    List<InstanceId> late = new ArrayList<>();
    pending.forEach(
        (name, waiting) ->
            state
                .process(name)
                .map(process -> process.spec().activeStandby().activationTimeout().toNanos())
                .filter(timeout -> now - waiting.grantedAt() > timeout)
                .ifPresent(timeout -> late.add(waiting.grant().instance())));
    return late;
  }
}
