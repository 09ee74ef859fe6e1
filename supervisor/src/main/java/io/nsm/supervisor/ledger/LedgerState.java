package io.nsm.supervisor.ledger;

import io.nsm.supervisor.model.CheckpointRef;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.Event;
import io.nsm.supervisor.model.Grant;
import io.nsm.supervisor.model.HostEntry;
import io.nsm.supervisor.model.HostId;
import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.model.LeaseTerms;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.model.ProcessSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything the ledger has decided, as of one entry.
 *
 * @param revision counts accepted declarations
 * @param lastEpoch the newest epoch of any process; outlives the processes
 * @param writers the processes that write to shared maps under their grants, and the epoch in which
 *     each said so; outlives the processes, as what they wrote does
 * @param events the newest ones, oldest first
 * @param firstEvent the number of the first of them
 * @param requests the operators' newest requests, so that a repetition is recognised
 */
public record LedgerState(
    Optional<String> cluster,
    Optional<LeaseTerms> lease,
    long revision,
    Epoch lastEpoch,
    Map<ProcessName, Epoch> writers,
    Map<HostId, HostEntry> hosts,
    Map<ProcessName, Process> processes,
    List<Event> events,
    long firstEvent,
    List<Request> requests) {

  /** How many events are kept. */
  public static final int MAX_EVENTS = 500;

  /** How many of the operators' requests are remembered. */
  public static final int MAX_REQUESTS = 100;

  /** The ledger before its first entry. */
  public static final LedgerState EMPTY =
      new LedgerState(
          Optional.empty(),
          Optional.empty(),
          0,
          Epoch.NONE,
          Map.of(),
          Map.of(),
          Map.of(),
          List.of(),
          1,
          List.of());

  public LedgerState {
    writers = Map.copyOf(writers);
    hosts = Map.copyOf(hosts);
    processes = Map.copyOf(processes);
    events = List.copyOf(events);
    requests = List.copyOf(requests);
  }

  /** An operator's request and the revision it led to. */
  public record Request(String id, long revision) {}

  /**
   * One process.
   *
   * @param revision the ledger's revision that declared it in this form
   * @param running whether it is wanted to run
   * @param starts counts how often it was told to run; a one-shot runs once for each
   * @param restarts counts how often it was told to restart
   * @param placements the host of each instance, by instance number
   * @param checkpoint the newest acknowledged checkpoint
   * @param inline its bytes, if they are kept here
   * @param previous the one before
   * @param savedAtMillis when the newest was saved: wall time in milliseconds since 1970 UTC
   * @param handOver a wish that the holder of an epoch hands over
   * @param outcome how the last run of a one-shot ended, if it has ended since it was started
   */
  public record Process(
      ProcessSpec spec,
      long revision,
      boolean running,
      long starts,
      long restarts,
      Map<Integer, HostId> placements,
      Grant grant,
      Optional<CheckpointRef> checkpoint,
      Optional<byte[]> inline,
      Optional<CheckpointRef> previous,
      long savedAtMillis,
      Optional<Wish> handOver,
      Optional<Outcome> outcome) {

    public Process {
      placements = Map.copyOf(placements);
    }

    public ProcessName name() {
      return spec.name();
    }

    /** The grant, if an instance holds it. */
    public Optional<Grant.Held> holder() {
      return grant instanceof Grant.Held held ? Optional.of(held) : Optional.empty();
    }

    /** Whether exactly one of its instances may act at a time. */
    public boolean exclusive() {
      return spec.mode() != ProcessSpec.Mode.REPLICATED;
    }

    /** Whether it is a one-shot that ended since it was started last. */
    public boolean finished() {
      return outcome.isPresent();
    }

    Process withSpec(ProcessSpec spec, long revision) {
      return new Process(
          spec,
          revision,
          running,
          starts,
          restarts,
          placements,
          grant,
          checkpoint,
          inline,
          previous,
          savedAtMillis,
          handOver,
          outcome);
    }

    /**
     * Every start counts, so that agents try anew what they had given up; but a one-shot under way
     * is not begun again.
     */
    Process withRunning(boolean running) {
      boolean again =
          running && (!this.running || finished() || spec.mode() != ProcessSpec.Mode.ONE_SHOT);
      return new Process(
          spec,
          revision,
          running,
          again ? starts + 1 : starts,
          restarts,
          placements,
          grant,
          checkpoint,
          inline,
          previous,
          savedAtMillis,
          handOver,
          again ? Optional.empty() : outcome);
    }

    Process withRestart() {
      return new Process(
          spec,
          revision,
          running,
          starts,
          restarts + 1,
          placements,
          grant,
          checkpoint,
          inline,
          previous,
          savedAtMillis,
          handOver,
          outcome);
    }

    Process withPlacement(int number, Optional<HostId> host) {
      SortedMap<Integer, HostId> moved = new TreeMap<>(placements);
      host.ifPresentOrElse(id -> moved.put(number, id), () -> moved.remove(number));
      return new Process(
          spec,
          revision,
          running,
          starts,
          restarts,
          moved,
          grant,
          checkpoint,
          inline,
          previous,
          savedAtMillis,
          handOver,
          outcome);
    }

    /** A changed grant ends every wish that was about the old one, except whom to choose next. */
    Process withGrant(Grant grant) {
      Optional<Wish> left = grant instanceof Grant.Vacant ? handOver : Optional.empty();
      return new Process(
          spec,
          revision,
          running,
          starts,
          restarts,
          placements,
          grant,
          checkpoint,
          inline,
          previous,
          savedAtMillis,
          left,
          outcome);
    }

    Process withCheckpoint(CheckpointRef ref, Optional<byte[]> bytes, long atMillis) {
      return new Process(
          spec,
          revision,
          running,
          starts,
          restarts,
          placements,
          grant,
          Optional.of(ref),
          bytes,
          checkpoint,
          atMillis,
          handOver,
          outcome);
    }

    Process withHandOver(Wish wish) {
      return new Process(
          spec,
          revision,
          running,
          starts,
          restarts,
          placements,
          grant,
          checkpoint,
          inline,
          previous,
          savedAtMillis,
          Optional.of(wish),
          outcome);
    }

    Process withOutcome(Outcome outcome) {
      return new Process(
          spec,
          revision,
          running,
          starts,
          restarts,
          placements,
          grant,
          checkpoint,
          inline,
          previous,
          savedAtMillis,
          handOver,
          Optional.of(outcome));
    }
  }

  /**
   * A wish that the holder of an epoch hands over.
   *
   * @param holder the instance that held it, which is chosen again only if there is no other
   */
  public record Wish(Epoch from, InstanceId holder, Optional<HostId> to, String why) {}

  /** How the run of a one-shot ended. */
  public record Outcome(boolean success, String reason, long start, long atMillis) {}

  public Optional<Process> process(ProcessName name) {
    return Optional.ofNullable(processes.get(name));
  }

  public Optional<HostEntry> host(HostId id) {
    return Optional.ofNullable(hosts.get(id));
  }

  public Optional<HostEntry> host(HostName name) {
    return hosts.values().stream().filter(host -> host.name().equals(name)).findFirst();
  }

  /** Whether a process may have written to shared maps in any epoch up to now. */
  public boolean writes(ProcessName process) {
    return writers.containsKey(process);
  }

  /**
   * Whether every grant after an epoch of a process knows that it writes. What a later epoch said
   * does not count: a grant between the two may not know.
   */
  public boolean writesSince(ProcessName process, Epoch epoch) {
    Epoch since = writers.get(process);
    return since != null && !since.isAfter(epoch);
  }

  /** The name of a host, or its id where the name is gone. */
  public String nameOf(HostId id) {
    return host(id).map(host -> host.name().name()).orElse(id.id());
  }

  /** The grants that a host holds, the oldest first. */
  public List<Grant.Held> grantsOf(HostId host) {
    List<Grant.Held> grants = new ArrayList<>();
    for (Process process : processes.values()) {
      process.holder().filter(held -> held.host().equals(host)).ifPresent(grants::add);
    }
    grants.sort(Comparator.comparing(Grant.Held::epoch));
    return grants;
  }

  /** The instances placed on a host, in order. */
  public List<InstanceId> placedOn(HostId host) {
    List<InstanceId> instances = new ArrayList<>();
    processes.forEach(
        (name, process) ->
            process
                .placements()
                .forEach(
                    (number, placed) -> {
                      if (placed.equals(host)) {
                        instances.add(new InstanceId(name, number));
                      }
                    }));
    instances.sort(Comparator.naturalOrder());
    return instances;
  }

  LedgerState withConfiguration(String cluster, LeaseTerms lease) {
    return new LedgerState(
        Optional.of(cluster),
        Optional.of(lease),
        revision,
        lastEpoch,
        writers,
        hosts,
        processes,
        events,
        firstEvent,
        requests);
  }

  LedgerState withRevision(long revision) {
    return new LedgerState(
        cluster,
        lease,
        revision,
        lastEpoch,
        writers,
        hosts,
        processes,
        events,
        firstEvent,
        requests);
  }

  LedgerState withLastEpoch(Epoch lastEpoch) {
    return new LedgerState(
        cluster,
        lease,
        revision,
        lastEpoch,
        writers,
        hosts,
        processes,
        events,
        firstEvent,
        requests);
  }

  LedgerState withWriter(ProcessName process, Epoch since) {
    Map<ProcessName, Epoch> more = new TreeMap<>(writers);
    more.put(process, since);
    return new LedgerState(
        cluster, lease, revision, lastEpoch, more, hosts, processes, events, firstEvent, requests);
  }

  LedgerState withHosts(Map<HostId, HostEntry> hosts) {
    return new LedgerState(
        cluster,
        lease,
        revision,
        lastEpoch,
        writers,
        hosts,
        processes,
        events,
        firstEvent,
        requests);
  }

  LedgerState withProcesses(Map<ProcessName, Process> processes) {
    return new LedgerState(
        cluster,
        lease,
        revision,
        lastEpoch,
        writers,
        hosts,
        processes,
        events,
        firstEvent,
        requests);
  }

  LedgerState withEvent(Event event) {
    List<Event> longer = new ArrayList<>(events);
    longer.add(event);
    int surplus = Math.max(0, longer.size() - MAX_EVENTS);
    return new LedgerState(
        cluster,
        lease,
        revision,
        lastEpoch,
        writers,
        hosts,
        processes,
        longer.subList(surplus, longer.size()),
        firstEvent + surplus,
        requests);
  }

  LedgerState withRequest(Request request) {
    List<Request> longer = new ArrayList<>(requests);
    longer.add(request);
    int surplus = Math.max(0, longer.size() - MAX_REQUESTS);
    return new LedgerState(
        cluster,
        lease,
        revision,
        lastEpoch,
        writers,
        hosts,
        processes,
        events,
        firstEvent,
        longer.subList(surplus, longer.size()));
  }
}
