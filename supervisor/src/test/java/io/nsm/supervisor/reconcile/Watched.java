package io.nsm.supervisor.reconcile;

import io.nsm.supervisor.ledger.Command;
import io.nsm.supervisor.ledger.LedgerState;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.Given;
import io.nsm.supervisor.model.HostId;
import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.model.InstanceReport;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.model.RunId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a leader of term 1 sees, put together host by host. */
final class Watched {
  private final Map<HostId, Seen.Host> hosts = new HashMap<>();
  private final Set<ProcessName> overdue = new HashSet<>();
  private final Set<InstanceId> shunned = new HashSet<>();
  private final Map<ProcessName, Seen.GivenUp> givenUp = new HashMap<>();

  /** A host that was answered not long ago. */
  Watched here(String host, InstanceReport... reports) {
    hosts.put(Given.id(host), new Seen.Host(true, false, List.of(reports)));
    return this;
  }

  /** A host that was not heard of, but may still act. */
  Watched silent(String host, InstanceReport... reports) {
    hosts.put(Given.id(host), new Seen.Host(false, false, List.of(reports)));
    return this;
  }

  /** A host of which nothing can act any more. */
  Watched gone(String host, InstanceReport... reports) {
    hosts.put(Given.id(host), new Seen.Host(false, true, List.of(reports)));
    return this;
  }

  Watched overdue(String process) {
    overdue.add(new ProcessName(process));
    return this;
  }

  Watched shunned(String instance) {
    shunned.add(InstanceId.parse(instance));
    return this;
  }

  /** The holder's agent said that nothing acts under its grant any more. */
  Watched givenUp(String process, Epoch epoch, RunId run) {
    givenUp.put(
        new ProcessName(process),
        new Seen.GivenUp(epoch, new Command.Evidence.GivenUp(run, "SIGNAL_9", 10)));
    return this;
  }

  List<Command> decide(LedgerState state) {
    return Reconciler.decide(state, see());
  }

  Seen see() {
    return new Seen(1, hosts, overdue, shunned, givenUp);
  }
}
