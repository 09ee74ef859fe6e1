package io.nsm.agent.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * How long a hot standby takes to act after its active was killed, or handed over: of a process
 * that does not write to shared maps, and of one that does and needs a fence; how long a save
 * takes; what an agent costs. Beside it how long a bare JGroups group takes to have another
 * coordinator, in the same run.
 */
public final class FailoverBench {
  private static final int GROUP_KILLS = 5;
  private static final int STARTS = 5;
  private static final int SAVES = 2000;
  private static final int SAVERS = 16;

  private final Path project;
  private final String classPath;
  private final int kills;

  private FailoverBench(Path project, String classPath, int kills) {
    this.project = project;
    this.classPath = classPath;
    this.kills = kills;
  }

  /** Arguments: the project's directory, the class path of processes, how many kills. */
  public static void main(String[] args) throws Exception {
    FailoverBench bench = new FailoverBench(Path.of(args[0]), args[1], Integer.parseInt(args[2]));
    bench.run();
  }

  private void run() throws Exception {
    Figures group = new BareGroups(BenchHosts.onLoopback()).kills(GROUP_KILLS);
    group.print("bare JGroups, 3 members: kill -9 of the coordinator -> next coordinator");
    try (BenchCluster cluster = cluster(3, "fast")) {
      changes(Stamped.start(cluster, classPath), "no fence", group);
    }
    try (BenchCluster cluster = cluster(3, "fast")) {
      changes(Stamped.writing(cluster, classPath), "writes to a map, fenced", group);
    }
    saves(1);
    saves(SAVERS);
    try (BenchCluster cluster = cluster(3, "fast")) {
      cluster.awaitWell();
      idle(cluster, 3, "fast");
    }
    try (BenchCluster alone = cluster(1, "balanced")) {
      alone.awaitWell();
      idle(alone, 1, "balanced");
    }
    starts(1, "balanced");
    starts(3, "balanced");
  }

  private void changes(Stamped stamped, String kind, Figures group) throws Exception {
    double[] killed = new double[kills];
    for (int i = 0; i < kills; i++) {
      killed[i] = stamped.killed();
    }
    new Figures(killed)
        .print("NSM, %s: kill -9 of the active -> activate entered".formatted(kind), group);
    double[] switched = new double[Math.max(1, kills / 2)];
    for (int i = 0; i < switched.length; i++) {
      switched[i] = stamped.switchover();
    }
    new Figures(switched)
        .print(
            "NSM, %s: switchover, deactivate returned -> activate entered".formatted(kind), group);
  }

  private BenchCluster cluster(int hosts, String profile) throws Exception {
    return new BenchCluster(project, BenchHosts.onLoopback(), hosts, profile);
  }

  /** So many processes save as fast as they can, each one save after the other. */
  private void saves(int savers) throws Exception {
    try (BenchCluster cluster = cluster(3, "balanced")) {
      cluster.awaitWell();
      saves(cluster, savers);
    }
  }

  private void saves(BenchCluster cluster, int savers) throws Exception {
    Stamps stamps = new Stamps(cluster.work().resolve("saves-" + savers));
    List<String> names =
        IntStream.rangeClosed(1, savers).mapToObj(n -> "saver-" + savers + "-" + n).toList();
    Path declaration = cluster.work().resolve("savers.yaml");
    Files.writeString(declaration, stamps.declaration(names, 1, classPath, SAVES, 0));
    cluster.nsmctl("apply", "-f", declaration.toString());
    int seen = 0;
    while (stamps.lines().stream().filter(line -> line.startsWith("S")).count() < savers) {
      stamps.await("S", seen);
      seen = stamps.lines().size();
    }
    List<String[]> words =
        stamps.lines().stream()
            .filter(line -> line.startsWith("S"))
            .map(line -> line.split(" "))
            .toList();
    double each = words.stream().mapToDouble(w -> Double.parseDouble(w[2])).sum() / savers;
    double slow = words.stream().mapToDouble(w -> Double.parseDouble(w[3])).max().orElseThrow();
    double rate = words.stream().mapToDouble(w -> Double.parseDouble(w[4])).sum();
    System.out.printf(
        "NSM: save of 1 KB, acknowledged, %d in flight: n %d, median %.2f ms, p99 %.2f ms,"
            + " %.0f a second in all%n",
        savers, savers * SAVES / 2, each / 1e3, slow / 1e3, rate);
  }

  /** What an agent costs that has nothing to do: CPU over 30 s, and memory. */
  private static void idle(BenchCluster cluster, int hosts, String profile) throws Exception {
    TimeUnit.SECONDS.sleep(5);
    long[] before = new long[hosts];
    for (int host = 1; host <= hosts; host++) {
      before[host - 1] = cpuTicks(cluster.agentPid(host));
    }
    TimeUnit.SECONDS.sleep(30);
    for (int host = 1; host <= hosts; host++) {
      long ticks = cpuTicks(cluster.agentPid(host)) - before[host - 1];
      System.out.printf(
          "NSM: agent %d of %d with nothing to do, lease %s: %.1f %% of a core, %d MB resident%n",
          host, hosts, profile, ticks / 30.0, rssMb(cluster.agentPid(host)));
    }
  }

  /** From the start of agents with empty directories to a status that says all is well. */
  private void starts(int hosts, String profile) throws Exception {
    double[] millis = new double[STARTS];
    for (int i = 0; i < STARTS; i++) {
      try (BenchCluster cluster = cluster(hosts, profile)) {
        cluster.awaitWell();
        millis[i] = (System.nanoTime() - cluster.startedAt()) / 1e6;
      }
    }
    new Figures(millis).print("NSM: start of " + hosts + " agents -> all well");
  }

  /** In hundredths of a second. */
  private static long cpuTicks(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
  }

  private static long rssMb(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
        .filter(line -> line.startsWith("VmRSS"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElseThrow();
  }
}
