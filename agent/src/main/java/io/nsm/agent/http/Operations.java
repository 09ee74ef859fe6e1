package io.nsm.agent.http;

import io.nsm.supervisor.api.ActionRequest;
import io.nsm.supervisor.api.ActionResult;
import io.nsm.supervisor.api.ActiveInstance;
import io.nsm.supervisor.api.ApplyRequest;
import io.nsm.supervisor.api.ApplyResult;
import io.nsm.supervisor.api.ClusterStatus;
import io.nsm.supervisor.api.DoctorReport;
import io.nsm.supervisor.api.EventPage;
import io.nsm.supervisor.api.LogChunk;
import io.nsm.supervisor.api.PlanRequest;
import io.nsm.supervisor.api.PlanResult;
import io.nsm.supervisor.api.ProcessDescription;
import io.nsm.supervisor.api.Readiness;
import io.nsm.supervisor.api.VersionInfo;
import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.model.ProcessName;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * What an agent can be asked and told. No method blocks. A request that is not done ends its stage
 * with a {@link Refusal}; any other exception is taken for a bug.
 */
public interface Operations {

  /** The cluster as this agent sees it, from its own copy: answered without quorum as well. */
  CompletionStage<ClusterStatus> status();

  /** All about one process; {@code NOT_FOUND} if it is not declared. */
  CompletionStage<ProcessDescription> describe(ProcessName process);

  /** Who acts for a process if it does so on this host, under a lease that is valid now. */
  CompletionStage<Optional<ActiveInstance>> activeHere(ProcessName process);

  /** Events in order; waits for the first one at most for the query's time. */
  CompletionStage<EventPage> events(EventQuery query);

  /** Output of one instance, wherever it runs. */
  CompletionStage<LogChunk> logs(LogQuery query);

  /** What applying would do. */
  CompletionStage<PlanResult> plan(PlanRequest request);

  /** Declares processes; completes when it is decided. */
  CompletionStage<ApplyResult> apply(ApplyRequest request);

  /** Starts, stops, restarts or switches over a process; completes when it is decided. */
  CompletionStage<ActionResult> act(
      ProcessName process, ActionRequest.Action action, ActionRequest request);

  /** Checks this host and its place in the cluster. */
  CompletionStage<DoctorReport> doctor();

  /** Whether this agent can do its work: it has joined, and its lease is valid. */
  CompletionStage<Readiness> readiness();

  /** What this agent is. */
  VersionInfo version();

  /**
   * Which events are asked for.
   *
   * @param from the first index wanted; empty: the newest {@code limit} ones
   * @param limit at most so many
   * @param patience how long to wait if there is none yet; zero: not at all
   */
  record EventQuery(Optional<Long> from, int limit, Duration patience) {}

  /**
   * Which output is asked for.
   *
   * @param previous of the run before the current or last one
   * @param lines the last so many, if {@code from} is empty; else at most so many from there on
   * @param from where to read on: {@link LogChunk#next()} of the chunk before
   * @param since what was written in so much time until now, by the clock of the host that keeps
   *     it, by all runs that are kept; not together with {@code from} or {@code previous}
   * @param patience how long to wait if there are none yet; zero: not at all
   */
  record LogQuery(
      InstanceId instance,
      LogChunk.Stream stream,
      boolean previous,
      int lines,
      Optional<String> from,
      Optional<Duration> since,
      Duration patience) {}
}
