package io.nsm.supervisor.control;

import io.nsm.supervisor.model.CheckpointRef;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.Grant;
import io.nsm.supervisor.model.HostEntry;
import io.nsm.supervisor.model.HostId;
import io.nsm.supervisor.model.Incarnation;
import io.nsm.supervisor.model.InstanceReport;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.model.RunId;
import io.nsm.supervisor.model.Turn;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What agents and their leader tell each other. Any of these may be late, lost or repeated. */
public sealed interface Message {

  /**
   * An agent asks the leader to renew its host's lease.
   *
   * @param nonce tells this request from every other of the incarnation; grows
   * @param answered the nonce of the newest renewal of this incarnation that it had an answer to; 0
   *     before the first. If the ledger names another one by then, this one was superseded; and one
   *     that does not grow tells the leader that it is not heard
   * @param reports what it says of all its instances
   */
  record Renewal(HostEntry host, long nonce, long answered, List<InstanceReport> reports)
      implements Message {
    public Renewal {
      reports = List.copyOf(reports);
    }
  }

  /**
   * The leader's answer to a renewal: the lease counts from when that was sent.
   *
   * @param barrier the place in the ledger of the barrier that was applied for it
   * @param grants all grants of the host as of the barrier
   * @param turns what the leader sees of all processes that depend on others
   */
  record Renewed(
      Incarnation to,
      long nonce,
      long term,
      long barrier,
      Duration ttl,
      Duration margin,
      List<Grant.Held> grants,
      List<Turn> turns)
      implements Message {
    public Renewed {
      grants = List.copyOf(grants);
      turns = List.copyOf(turns);
    }

    /** Where nothing depends on anything. */
    public Renewed(
        Incarnation to,
        long nonce,
        long term,
        long barrier,
        Duration ttl,
        Duration margin,
        List<Grant.Held> grants) {
      this(to, nonce, term, barrier, ttl, margin, grants, List.of());
    }
  }

  /**
   * What the leader sees of the processes that depend on others has changed. Losing this costs time
   * only: each answer to a renewal says it again.
   */
  record Turns(long term, List<Turn> turns) implements Message {
    public Turns {
      turns = List.copyOf(turns);
    }
  }

  /**
   * The leader does not admit this agent, or not any more.
   *
   * @param nonce that of the renewal this answers
   */
  record TurnedAway(Incarnation agent, long nonce, String why) implements Message {}

  /**
   * The leader tells the holder of a new grant, so that it need not wait for its own copy.
   *
   * @param replaces the epoch that the grant followed
   * @param checkpoint the newest one as of the grant
   * @param inline its bytes, if the ledger keeps them
   * @param writes whether the process may have written to shared maps before the grant
   */
  record Notice(
      Grant.Held grant,
      Epoch replaces,
      Optional<CheckpointRef> checkpoint,
      Optional<byte[]> inline,
      boolean writes)
      implements Message {}

  /**
   * An agent gives up a grant: nothing acts under it any more. It submits {@link
   * io.nsm.supervisor.ledger.Command.Vacate} as well if the grant is still there a little later, so
   * losing this costs time and nothing else.
   *
   * @param noticedMicros how long after the first sign of the end the agent said so
   */
  record GaveUp(ProcessName process, Epoch epoch, RunId run, String why, long noticedMicros)
      implements Message {}

  /**
   * The leader is about to grant what nobody can act under any more, for a process that writes to
   * shared maps: the host of the one that it chose may refuse older writes already, while the
   * ledger takes the grant in.
   *
   * @param over the epoch that is over for good, whatever becomes of the grant
   */
  record Coming(ProcessName process, Epoch over) implements Message {}

  /**
   * An agent tells the leader what became of its instances.
   *
   * @param number grows with each report of an incarnation, so that a late one is recognised
   */
  record Report(HostId host, Incarnation incarnation, long number, List<InstanceReport> reports)
      implements Message {
    public Report {
      reports = List.copyOf(reports);
    }
  }
}
