package io.nsm.agent.bench;

import io.nsm.supervisor.api.InstanceState;
import io.nsm.supervisor.api.InstanceStatus;
import io.nsm.supervisor.model.ProcessName;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * How long a hot standby takes to act after its active was killed, or handed over; beside it how
 * long a bare JGroups group takes to have another coordinator, in the same run.
 */
public final class FailoverBench {
  private static final ProcessName NAME = new ProcessName("stamper");
  private static final int GROUP_KILLS = 5;

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
    double[] group = groupChanges();
    print("bare JGroups, 3 members: kill -9 of the coordinator -> next coordinator", group, 0);
    double yardstick = median(group);
    try (BenchCluster cluster = new BenchCluster(project, 3, "fast")) {
      Path stamps = start(cluster);
      print("NSM: kill -9 of the active -> activate entered", kills(cluster, stamps), yardstick);
      print(
          "NSM: switchover, deactivate returned -> activate entered",
          switchovers(cluster, stamps),
          yardstick);
      saves(cluster);
      idle(cluster);
    }
  }

  private Path start(BenchCluster cluster) throws Exception {
    Path stamps = cluster.work().resolve("stamps");
    Path declaration = cluster.work().resolve("stamper.yaml");
    Files.writeString(declaration, declaration("stamper", stamps, 0));
    cluster.await("an agent", Optional::of);
    cluster.nsmctl("apply", "-f", declaration.toString());
    cluster.awaitWell();
    return stamps;
  }

  private String declaration(String name, Path stamps, int saves) {
    return """
        apiVersion: nsm/v1
        processes:
          %s:
            mode: active-standby
            replicas: 3
            java:
              mainClass: io.nsm.agent.bench.Stamper
              classpath: [%s]
              jvmOptions: ["-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
              args: ["%s", "%d"]
            placement: {antiAffinity: host}
            restart: {backoff: {initial: 100ms, max: 100ms}, limit: {attempts: 1000, interval: 10m, then: retry-slowly}}
        """
        .formatted(
            name,
            String.join(", ", Arrays.stream(classPath.split(":")).map(p -> '"' + p + '"').toList()),
            stamps,
            saves);
  }

  private double[] kills(BenchCluster cluster, Path stamps) throws Exception {
    double[] millis = new double[kills];
    for (int i = 0; i < kills; i++) {
      InstanceStatus active = settled(cluster);
      int lines = stamps(stamps).size();
      long killed = System.nanoTime();
      ProcessHandle.of(active.pid().orElseThrow()).orElseThrow().destroyForcibly();
      millis[i] = (entered(stamps, lines) - killed) / 1e6;
    }
    return millis;
  }

  /** The active, once its standbys are ready as well. */
  private static InstanceStatus settled(BenchCluster cluster)
      throws InterruptedException, TimeoutException {
    return cluster.await(
        "an active with two standbys",
        status ->
            status
                .process(NAME)
                .filter(p -> p.instances().stream().allMatch(i -> i.state().good()))
                .flatMap(
                    p ->
                        p.instances().stream()
                            .filter(i -> i.state() == InstanceState.ACTIVE)
                            .findFirst())
                .filter(i -> i.pid().isPresent()));
  }

  private double[] switchovers(BenchCluster cluster, Path stamps) throws Exception {
    double[] millis = new double[Math.max(1, kills / 2)];
    for (int i = 0; i < millis.length; i++) {
      settled(cluster);
      int lines = stamps(stamps).size();
      cluster.nsmctl("switchover", NAME.name());
      long entered = entered(stamps, lines);
      long left =
          stamps(stamps).stream()
              .skip(lines)
              .filter(line -> line.startsWith("D"))
              .mapToLong(line -> Long.parseLong(line.split(" ")[2]))
              .findFirst()
              .orElseThrow();
      millis[i] = (entered - left) / 1e6;
    }
    return millis;
  }

  /** When the next {@code activate} after some lines was entered. */
  private static long entered(Path stamps, int lines)
      throws IOException, InterruptedException, TimeoutException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (System.nanoTime() - deadline < 0) {
      Optional<String> next =
          stamps(stamps).stream().skip(lines).filter(line -> line.startsWith("A")).findFirst();
      if (next.isPresent()) {
        return Long.parseLong(next.get().split(" ")[2]);
      }
      TimeUnit.MILLISECONDS.sleep(1);
    }
    throw new TimeoutException("nobody was promoted");
  }

  private static List<String> stamps(Path file) throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    String text = Files.readString(file);
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
  }

  private void saves(BenchCluster cluster) throws Exception {
    Path stamps = cluster.work().resolve("saves");
    Path declaration = cluster.work().resolve("saver.yaml");
    Files.writeString(declaration, declaration("saver", stamps, 2000));
    cluster.nsmctl("apply", "-f", declaration.toString());
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (System.nanoTime() - deadline < 0) {
      Optional<String> line = stamps(stamps).stream().filter(l -> l.startsWith("S")).findFirst();
      if (line.isPresent()) {
        String[] words = line.get().split(" ");
        System.out.printf(
            "NSM: save of 1 KB, acknowledged: n %s, median %.2f ms, p99 %.2f ms%n",
            words[1], Long.parseLong(words[2]) / 1e3, Long.parseLong(words[3]) / 1e3);
        cluster.nsmctl("stop", "saver");
        return;
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    throw new TimeoutException("the saves did not end");
  }

  /** What an agent costs that has nothing to do: CPU over 30 s, and memory. */
  private static void idle(BenchCluster cluster) throws Exception {
    cluster.nsmctl("stop", NAME.name());
    TimeUnit.SECONDS.sleep(5);
    long[] before = new long[3];
    for (int host = 1; host <= 3; host++) {
      before[host - 1] = cpuTicks(cluster.agentPid(host));
    }
    TimeUnit.SECONDS.sleep(30);
    for (int host = 1; host <= 3; host++) {
      long ticks = cpuTicks(cluster.agentPid(host)) - before[host - 1];
      System.out.printf(
          "NSM: agent %d of 3 with nothing to do: %.1f %% of a core, %d MB resident%n",
          host, ticks / 30.0, rssMb(cluster.agentPid(host)));
    }
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

  private double[] groupChanges() throws Exception {
    double[] millis = new double[GROUP_KILLS];
    for (int i = 0; i < GROUP_KILLS; i++) {
      millis[i] = groupChange(21_000 + 10 * i);
    }
    return millis;
  }

  private double groupChange(int port) throws Exception {
    String[] ports = {"" + port, "" + (port + 1), "" + (port + 2)};
    List<Process> members = new ArrayList<>();
    List<BufferedReader> views = new ArrayList<>();
    try {
      for (String own : ports) {
        ProcessBuilder builder =
            new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-cp",
                System.getProperty("java.class.path"),
                BareGroup.class.getName(),
                own,
                ports[0],
                ports[1],
                ports[2]);
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        Process member = builder.start();
        members.add(member);
        BufferedReader reader =
            new BufferedReader(
                new InputStreamReader(member.getInputStream(), StandardCharsets.UTF_8));
        views.add(reader);
        awaitView(reader, members.size(), false);
      }
      long killed = System.nanoTime();
      members.get(0).destroyForcibly();
      awaitViewSize(views.get(1), 3);
      return (awaitView(views.get(1), 2, true) - killed) / 1e6;
    } finally {
      members.forEach(Process::destroyForcibly);
    }
  }

  private static void awaitViewSize(BufferedReader views, int size) throws IOException {
    if (!views.ready()) {
      return;
    }
    awaitView(views, size, false);
  }

  private static long awaitView(BufferedReader views, int size, boolean coordinates)
      throws IOException {
    String line;
    while ((line = views.readLine()) != null) {
      String[] words = line.split(" ");
      if (words[0].equals("V")
          && Integer.parseInt(words[1]) == size
          && (!coordinates || words[3].equals("1"))) {
        return Long.parseLong(words[2]);
      }
    }
    throw new IOException("the group's member ended");
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static void print(String what, double[] millis, double yardstick) {
    double[] sorted = millis.clone();
    Arrays.sort(sorted);
    double p99 = sorted[Math.min(sorted.length - 1, (int) (sorted.length * 0.99))];
    System.out.printf(
        "%s: n %d, median %.1f ms, p99 %.1f ms%s%n",
        what,
        sorted.length,
        median(millis),
        p99,
        yardstick > 0 ? ", %.3f of bare JGroups".formatted(median(millis) / yardstick) : "");
  }
}
