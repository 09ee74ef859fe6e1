package io.nsm.supervisor.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How an agent finds out how a run does. The other two wait until the startup probe has passed;
 * without one, until the run says itself that it is ready, or at once if it does not speak the
 * link.
 *
 * @param startup whether the run has come up; one that does not in time is killed
 * @param readiness whether it can do its work now; nothing is ended for it
 * @param liveness whether it still does anything; one that does not is killed
 */
public record Probes(Optional<Probe> startup, Optional<Probe> readiness, Optional<Probe> liveness) {
  public static final Probes NONE =
      new Probes(Optional.empty(), Optional.empty(), Optional.empty());

  /** Which of the three. */
  public enum Kind {
    STARTUP,
    READINESS,
    LIVENESS
  }

  public Optional<Probe> of(Kind kind) {
    if (kind == Kind.STARTUP) {
      return startup;
    }
    return kind == Kind.READINESS ? readiness : liveness;
  }

  /**
   * One probe.
   *
   * @param period from the outcome of one check to the next
   * @param timeout after which a check has failed
   * @param failureThreshold how many checks in a row must fail
   * @param successThreshold how many in a row must succeed after that
   */
  public record Probe(
      Check check, Duration period, Duration timeout, int failureThreshold, int successThreshold) {}

  /** What a probe looks at. */
  public sealed interface Check {
    /** Must handle every kind of check. */
    interface Cases<R> {
      R link(Link link);

      R http(Http http);

      R tcp(Tcp tcp);

      R exec(Exec exec);
    }

    <R> R match(Cases<R> cases);
  }

  /** What the run says through its link; known to the agent without asking. */
  public record Link(Sign sign) implements Check {
    /** What is waited for. */
    public enum Sign {
      /** That {@code start} returned. */
      READY,
      /** That the runtime in the process still sends. */
      HEARTBEAT
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.link(this);
    }
  }

  /** A GET is answered with a status from 200 to 399; redirects are not followed. */
  public record Http(String host, int port, String path) implements Check {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.http(this);
    }
  }

  /** A connection is taken. */
  public record Tcp(String host, int port) implements Check {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.tcp(this);
    }
  }

  /** A program exits with 0; it finds the run's environment. */
  public record Exec(List<String> words) implements Check {
    public Exec {
      words = List.copyOf(words);
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.exec(this);
    }
  }
}
