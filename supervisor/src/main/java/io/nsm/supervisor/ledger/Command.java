package io.nsm.supervisor.ledger;

import io.nsm.supervisor.model.Digest;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.Event;
import io.nsm.supervisor.model.HostEntry;
import io.nsm.supervisor.model.HostId;
import io.nsm.supervisor.model.Incarnation;
import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.model.LeaseTerms;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.model.ProcessSpec;
import io.nsm.supervisor.model.RunId;
import java.util.List;
import java.util.Optional;

/**
 * One entry of the ledger. Each names the state it was decided on; {@link Rules} applies it only if
 * that state is still there. Time is never read where a command is applied.
 */
public sealed interface Command {

  /** Must handle every command. */
  interface Cases<R> {
    R configure(Configure configure);

    R join(Join join);

    R declare(Declare declare);

    R setWanted(SetWanted setWanted);

    R restart(Restart restart);

    R place(Place place);

    R grant(Grant grant);

    R vacate(Vacate vacate);

    R expire(Expire expire);

    R finish(Finish finish);

    R handOver(HandOver handOver);

    R save(Save save);

    R writes(Writes writes);

    R barrier(Barrier barrier);

    R note(Note note);
  }

  <R> R match(Cases<R> cases);

  /** Names the cluster and fixes its lease, once. */
  record Configure(String cluster, LeaseTerms lease) implements Command {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.configure(this);
    }
  }

  /**
   * Admits a host's agent.
   *
   * @param replaces the incarnation that was admitted before, if one was
   * @param evicts a host that had the same name and whose lease is over
   * @param term applied only in this very term, as the bounds behind it are the leader's own
   */
  record Join(HostEntry host, Optional<Incarnation> replaces, Optional<HostId> evicts, long term)
      implements Command {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.join(this);
    }
  }

  /**
   * Declares processes.
   *
   * @param request makes a repetition recognisable
   * @param basedOn the revision of the ledger's declarations that the author saw
   * @param prune whether processes that are not named are removed
   */
  record Declare(
      String request, long basedOn, List<ProcessSpec> specs, boolean prune, long atMillis)
      implements Command {
    public Declare {
      specs = List.copyOf(specs);
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.declare(this);
    }
  }

  /** Says whether a process is to run. For a one-shot, running begins a new start. */
  record SetWanted(String request, ProcessName process, boolean running, long atMillis)
      implements Command {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.setWanted(this);
    }
  }

  /** Has every instance of a process ended and started once more. */
  record Restart(String request, ProcessName process, long atMillis) implements Command {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.restart(this);
    }
  }

  /** Moves an instance from where it is placed, or from nowhere, to a host, or to nowhere. */
  record Place(InstanceId instance, Optional<HostId> from, Optional<HostId> to) implements Command {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.place(this);
    }
  }

  /** Why a grant may be replaced. */
  sealed interface Evidence {
    /** The grant is vacant; checked where the command is applied. */
    record Vacant() implements Evidence {}

    /**
     * The holder's own agent said that nothing acts under the grant any more, as {@link Vacate}
     * does: both in one entry. True for ever, so it may be tried again in any term.
     *
     * @param run the run that held it
     * @param noticedMicros as in {@link Vacate}
     */
    record GivenUp(RunId run, String why, long noticedMicros) implements Evidence {}

    /**
     * The holder's host cannot act any more, by the clock of the leader of this term. Never
     * forwarded and never tried again in another term.
     */
    record Expired(long term) implements Evidence {}
  }

  /** Grants a run the right to act, in place of exactly the grant of an epoch. */
  record Grant(
      ProcessName process,
      Epoch replaces,
      Evidence evidence,
      InstanceId instance,
      HostId host,
      RunId run)
      implements Command {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.grant(this);
    }
  }

  /**
   * Gives up a grant: said by the holder's own agent when nothing acts under it any more.
   *
   * @param noticedMicros how long after the first sign of the end the agent said so
   */
  record Vacate(ProcessName process, Epoch epoch, RunId run, String why, long noticedMicros)
      implements Command {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.vacate(this);
    }
  }

  /** Ends the grant of a host that cannot act any more, without a successor. */
  record Expire(ProcessName process, Epoch epoch, long term) implements Command {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.expire(this);
    }
  }

  /** Records how the run of a one-shot ended, and gives up its grant. */
  record Finish(
      ProcessName process, Epoch epoch, RunId run, boolean success, String reason, long atMillis)
      implements Command {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.finish(this);
    }
  }

  /** Asks the holder of an epoch to hand over, to a host or to whom the leader chooses. */
  record HandOver(String request, ProcessName process, Epoch from, Optional<HostId> to, String why)
      implements Command {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.handOver(this);
    }
  }

  /**
   * Moves the pointer to the newest checkpoint.
   *
   * @param inline the bytes themselves, if they are few
   * @param atMillis wall time, for people
   */
  record Save(
      ProcessName process,
      Epoch epoch,
      long sequence,
      Digest digest,
      int size,
      Optional<byte[]> inline,
      long atMillis)
      implements Command {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.save(this);
    }
  }

  /**
   * Says that a process is about to write to shared maps in an epoch. Its first such write waits
   * for this, so that every grant after it knows that there is something to fence.
   */
  record Writes(ProcessName process, Epoch epoch) implements Command {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.writes(this);
    }
  }

  /**
   * Proves that its leader led when it was applied.
   *
   * @param serves the hosts whose renewals it answers: no replica lets another act in their place
   *     until their leases are over
   */
  record Barrier(long term, long number, List<HostId> serves) implements Command {
    public Barrier {
      serves = List.copyOf(serves);
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.barrier(this);
    }
  }

  /** Keeps an event. */
  record Note(Event event) implements Command {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.note(this);
    }
  }
}
