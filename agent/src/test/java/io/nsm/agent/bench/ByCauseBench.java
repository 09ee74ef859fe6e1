package io.nsm.agent.bench;

import io.nsm.supervisor.api.ClusterStatus;
import io.nsm.supervisor.api.InstanceStatus;
import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.LeaseTerms;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How long it takes until the next one acts, by what happened to the one before and by lease
 * profile, beside what is promised; hosts are network namespaces. The yardstick for a kill and for
 * a cut is a bare JGroups group in the same namespaces and the same run.
 */
public final class ByCauseBench {
  private static final int HOSTS = 3;
  private static final int GROUP_KILLS = 5;
  private static final int GROUP_CUTS = 2;
  private static final int ARRANGE_TRIES = 20;

  /** For noticing and deciding, beyond the bound of the lease. */
  private static final double DECIDED_MILLIS = 500;

  private final Path project;
  private final String classPath;
  private final BenchHosts places;

  private ByCauseBench(Path project, String classPath, BenchHosts places) {
    this.project = project;
    this.classPath = classPath;
    this.places = places;
  }

  /** Arguments: the project's directory, the class path of processes, the namespaces' name. */
  public static void main(String[] args) throws Exception {
    new ByCauseBench(Path.of(args[0]), args[1], new BenchHosts(Optional.of(args[2]))).run();
  }

  private void run() throws Exception {
    System.out.printf(
        Locale.ROOT,
        "%-9s %-44s %4s %10s %10s %10s %9s%n",
        "lease",
        "cause",
        "n",
        "median ms",
        "p99 ms",
        "promised",
        "ratio");
    BareGroups groups = new BareGroups(places);
    Figures killed = groups.kills(GROUP_KILLS);
    row("-", "bare JGroups: coordinator killed", killed, "-", killed);
    Figures cut = groups.cuts(GROUP_CUTS);
    row("-", "bare JGroups: coordinator's cable pulled", cut, "-", cut);
    profile(LeaseTerms.FAST, 20, 8, killed, cut);
    profile(LeaseTerms.BALANCED, 10, 4, killed, cut);
    profile(LeaseTerms.PATIENT, 5, 2, killed, cut);
  }

  private void profile(LeaseTerms lease, int kills, int losses, Figures killed, Figures cut)
      throws Exception {
    String promised =
        "%.0f".formatted(lease.bound(LeaseTerms.CLOCK_ERROR).toNanos() / 1e6 + DECIDED_MILLIS);
    String name = lease.profile();
    try (BenchCluster cluster = new BenchCluster(project, places, HOSTS, name)) {
      Stamped stamped = Stamped.start(cluster, classPath);
      row(name, "process killed", times(kills, stamped::killed), "goal 60", killed);
      row(name, "switchover", times(kills / 2, stamped::switchover), "goal 20", killed);
      agentKilled(cluster, stamped, name, losses);
      row(name, "host lost", lost(cluster, stamped, losses, false, false), promised, killed);
      row(
          name,
          "host lost that leads the ledger",
          lost(cluster, stamped, losses, true, false),
          promised + "+elect",
          killed);
      row(name, "cable pulled", lost(cluster, stamped, losses, false, true), promised, cut);
      row(
          name,
          "cable pulled of who leads the ledger",
          lost(cluster, stamped, losses, true, true),
          promised + "+elect",
          cut);
    }
  }

  /** One measurement. */
  private interface Once {
    double measure() throws Exception;
  }

  private static Figures times(int count, Once once) throws Exception {
    double[] millis = new double[count];
    for (int i = 0; i < count; i++) {
      millis[i] = once.measure();
    }
    return new Figures(millis);
  }

  /** An agent is killed and started again at once: whether anybody was promoted. */
  private static void agentKilled(BenchCluster cluster, Stamped stamped, String name, int count)
      throws Exception {
    int moved = 0;
    for (int i = 0; i < count; i++) {
      int host = number(stamped.settled());
      int before = stamped.promotions();
      cluster.killAgent(host);
      cluster.startAgain(host);
      stamped.settled();
      moved += stamped.promotions() > before ? 1 : 0;
    }
    System.out.printf(
        Locale.ROOT,
        "%-9s %-44s %4d %d of them moved the role%n",
        name,
        "agent killed and started again",
        count,
        moved);
  }

  private Figures lost(
      BenchCluster cluster, Stamped stamped, int count, boolean leader, boolean cut)
      throws Exception {
    return times(
        count,
        () -> {
          arrange(cluster, stamped, leader);
          int host = number(stamped.settled());
          double millis =
              stamped.until(
                  active -> {
                    if (cut) {
                      places.pull(host);
                    } else {
                      places.lose(host);
                    }
                  });
          if (cut) {
            places.plug(host);
          } else {
            cluster.startAgain(host);
          }
          return millis;
        });
  }

  /**
   * Has the active be on the host that leads the ledger, or not. The wished-for host may have been
   * no candidate just then, or the lead have moved: then once more.
   */
  private static void arrange(BenchCluster cluster, Stamped stamped, boolean leader)
      throws Exception {
    for (int tries = 0; tries < ARRANGE_TRIES; tries++) {
      HostName active = host(stamped.settled());
      HostName leads = cluster.await("a leader", ClusterStatus::leader);
      if (active.equals(leads) == leader) {
        return;
      }
      stamped.switchTo(
          leader
              ? leads.name()
              : List.of("host1", "host2", "host3").stream()
                  .filter(host -> !host.equals(leads.name()))
                  .findFirst()
                  .orElseThrow());
    }
    throw new IOException("the active and the ledger's leader do not come to be as wanted");
  }

  private static int number(InstanceStatus instance) {
    return Integer.parseInt(host(instance).name().substring("host".length()));
  }

  private static HostName host(InstanceStatus instance) {
    return instance.host().orElseThrow();
  }

  private static void row(
      String lease, String cause, Figures figures, String promised, Figures yardstick) {
    System.out.printf(
        Locale.ROOT,
        "%-9s %-44s %4d %10.1f %10.1f %10s %9.3f%n",
        lease,
        cause,
        figures.millis().length,
        figures.median(),
        figures.p99(),
        promised,
        figures.median() / yardstick.median());
  }
}
