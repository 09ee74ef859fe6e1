package io.nsm.agent.lifecycle;

import io.nsm.supervisor.model.Probes;
import io.nsm.supervisor.model.Probes.Kind;
import io.nsm.supervisor.model.Probes.Probe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is known of how a run does, from its probes and from what it said through its link. Times
 * are those of the host's clock, in nanoseconds.
 *
 * @param came whether it has come up; the other probes begin then
 * @param saidReady whether it said so through the link
 * @param heardAt when it showed last that it lives
 */
record Health(
    boolean came,
    boolean saidReady,
    Optional<Long> heardAt,
    Watch startup,
    Watch readiness,
    Watch liveness) {

  /** A check that gets no answer at all counts as failed so long after its time-out. */
  private static final Duration SLACK = Duration.ofSeconds(5);

  /** A heartbeat may be so late, over the period of its probe. */
  private static final Duration LATE = Duration.ofSeconds(1);

  static final Health NEW =
      new Health(false, false, Optional.empty(), Watch.NEW, Watch.NEW, Watch.NEW);

  /**
   * How one probe stands.
   *
   * @param due when it looks next; empty before the first look
   * @param asked the number of the check under way
   * @param checks how many were begun
   * @param failures how many failed in a row
   * @param successes how many succeeded in a row
   * @param passing what the thresholds made of them
   * @param why why the last one failed
   */
  record Watch(
      Optional<Long> due,
      Optional<Asked> asked,
      long checks,
      int failures,
      int successes,
      boolean passing,
      String why) {
    static final Watch NEW = new Watch(Optional.empty(), Optional.empty(), 0, 0, 0, false, "");

    Watch asking(long until) {
      long number = checks + 1;
      return new Watch(
          due, Optional.of(new Asked(number, until)), number, failures, successes, passing, why);
    }

    Watch judged(Probe probe, Optional<String> failure, long now) {
      int bad = failure.isPresent() ? bounded(failures) : 0;
      int good = failure.isPresent() ? 0 : bounded(successes);
      boolean holds =
          failure.isPresent()
              ? passing && bad < probe.failureThreshold()
              : passing || good >= probe.successThreshold();
      return new Watch(
          Optional.of(now + probe.period().toNanos()),
          Optional.empty(),
          checks,
          bad,
          good,
          holds,
          failure.orElse(why));
    }

    private static int bounded(int count) {
      return Math.min(count + 1, 1_000_000);
    }
  }

  /** A check under way, and when its answer is not waited for any longer. */
  record Asked(long number, long until) {}

  /** The run afterwards, and the checks that are to be made. */
  record Looked(Health health, List<Ask> asks) {}

  /** A check to be made. */
  record Ask(Kind kind, long number) {}

  Health ready() {
    return new Health(came, true, heardAt, startup, readiness, liveness);
  }

  Health heard(long now) {
    return new Health(came, saidReady, Optional.of(now), startup, readiness, liveness);
  }

  /** The outcome of a check; one that is not waited for changes nothing. */
  Health answered(Probes probes, Kind kind, long number, Optional<String> failure, long now) {
    Optional<Probe> probe = probes.of(kind);
    boolean awaited = watch(kind).asked().filter(asked -> asked.number() == number).isPresent();
    return probe.isPresent() && awaited
        ? with(kind, watch(kind).judged(probe.get(), failure, now))
        : this;
  }

  /**
   * Looks at the time: begins what is due, and gives up what is overdue.
   *
   * @param linked whether the run speaks the link
   */
  Looked look(Probes probes, boolean linked, long now) {
    Health health = this;
    List<Ask> asks = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      health = health.up(probes, linked);
      Optional<Probe> probe = probes.of(kind);
      if (probe.isPresent() && (kind == Kind.STARTUP ? !health.came : health.came)) {
        health = health.look(kind, probe.get(), now, asks);
      }
    }
    return new Looked(health.up(probes, linked), asks);
  }

  private Health up(Probes probes, boolean linked) {
    boolean is = probes.startup().isPresent() ? startup.passing() : saidReady || !linked;
    return came || !is ? this : new Health(true, saidReady, heardAt, startup, readiness, liveness);
  }

  private Health look(Kind kind, Probe probe, long now, List<Ask> asks) {
    Watch watch = watch(kind);
    if (watch.asked().isPresent()) {
      return now - watch.asked().get().until() >= 0
          ? with(kind, watch.judged(probe, Optional.of("no answer"), now))
          : this;
    }
    // A run that has just come up lives, and is given the time of one period to show it again.
    long first = kind == Kind.LIVENESS ? now + probe.period().toNanos() : now;
    long due = watch.due().orElse(first);
    if (now - due < 0) {
      return with(kind, watch.due().isPresent() ? watch : waiting(due));
    }
    if (probe.check() instanceof Probes.Link link) {
      return with(kind, watch.judged(probe, said(link, probe, now), now));
    }
    Watch asking = watch.asking(now + probe.timeout().plus(SLACK).toNanos());
    asks.add(new Ask(kind, asking.checks()));
    return with(kind, asking);
  }

  private static Watch waiting(long due) {
    return new Watch(Optional.of(due), Optional.empty(), 0, 0, 0, false, "");
  }

  private Optional<String> said(Probes.Link link, Probe probe, long now) {
    if (link.sign() == Probes.Link.Sign.READY) {
      return saidReady ? Optional.empty() : Optional.of("it has not said that it is ready");
    }
    long longest = probe.period().plus(LATE).toNanos();
    boolean beats = heardAt.map(at -> now - at <= longest).orElse(false);
    return beats ? Optional.empty() : Optional.of("no heartbeat through its link");
  }

  /** Why the run is to be ended, if it is: it did not come up, or it does nothing any more. */
  Optional<Verdict> verdict(Probes probes) {
    if (!came) {
      return probes
          .startup()
          .filter(probe -> startup.failures() >= probe.failureThreshold())
          .map(probe -> new Verdict("PROBE_FAILED", text(Kind.STARTUP, startup)));
    }
    return probes
        .liveness()
        .filter(probe -> liveness.failures() >= probe.failureThreshold())
        .map(probe -> new Verdict("HUNG", text(Kind.LIVENESS, liveness)));
  }

  /**
   * Why a run is ended.
   *
   * @param reason the reason code
   */
  record Verdict(String reason, String text) {}

  /** What stands against the run being ready, as far as probes tell. */
  Optional<String> unready(Probes probes) {
    if (probes.startup().isPresent() && !came) {
      return Optional.of(text(Kind.STARTUP, startup));
    }
    return probes
        .readiness()
        .filter(probe -> !readiness.passing())
        .map(probe -> text(Kind.READINESS, readiness));
  }

  private static String text(Kind kind, Watch watch) {
    String name = kind.name().toLowerCase(java.util.Locale.ROOT);
    return watch.why().isEmpty() ? name + ": no answer yet" : name + ": " + watch.why();
  }

  private Watch watch(Kind kind) {
    if (kind == Kind.STARTUP) {
      return startup;
    }
    return kind == Kind.READINESS ? readiness : liveness;
  }

  private Health with(Kind kind, Watch watch) {
    return new Health(
        came,
        saidReady,
        heardAt,
        kind == Kind.STARTUP ? watch : startup,
        kind == Kind.READINESS ? watch : readiness,
        kind == Kind.LIVENESS ? watch : liveness);
  }
}
