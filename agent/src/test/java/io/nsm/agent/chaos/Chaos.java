package io.nsm.agent.chaos;

import io.nsm.agent.cluster.AgentApi;
import io.nsm.supervisor.api.ActionRequest;
import io.nsm.supervisor.api.ApplyRequest;
import io.nsm.supervisor.api.ClusterStatus;
import io.nsm.supervisor.api.ProcessStatus;
import io.nsm.supervisor.config.ClusterFacts;
import io.nsm.supervisor.config.Declarations;
import io.nsm.supervisor.config.InvalidDeclarationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Attacks a cluster of real agents for a while and records what its processes did: started by
 * {@code scripts/chaos} inside the network namespace of the bridge. Ends with 0 if the cluster
 * recovered from everything; whether it kept its promises is for the checker to judge.
 */
public final class Chaos {
  private static final Duration LONGEST_START = Duration.ofSeconds(120);
  private static final Duration LONGEST_END = Duration.ofSeconds(75);

  /** The nemesis failed, not the cluster. */
  private static final int EXIT_ITSELF = 3;

  private final ChaosOptions options;
  private final Journal journal;
  private final World world;
  private final Recovery recovery;

  private Chaos(ChaosOptions options) {
    this.options = options;
    this.journal = new Journal(options.directory());
    this.world = new World(options, journal);
    this.recovery = new Recovery(world);
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    ChaosOptions options = ChaosOptions.parse(args);
    Chaos chaos = new Chaos(options);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> chaos.world.machines().forEach(Machine::killAll), "kill-all"));
    try {
      System.exit(chaos.run() ? 0 : 1);
    } catch (RuntimeException | IOException e) {
      e.printStackTrace();
      System.exit(EXIT_ITSELF);
    }
  }

  private boolean run() throws IOException, InterruptedException {
    describe();
    Nemesis nemesis = new Nemesis(world);
    journal.say(
        "%d hosts, lease %s, seed %d; recordings in %s"
            .formatted(options.hosts(), options.profile(), options.seed(), options.directory()));
    if (!ChaosProcesses.pipeline(options)) {
      journal.note("without the sample pipeline: there is no " + options.jar());
    }
    world.begin();
    apply();
    boolean well = await("all to be well", LONGEST_START, this::allWell);
    if (well) {
      well = attack(nemesis);
    } else {
      journal.violation("the cluster did not come up: " + problems());
    }
    writeFinal();
    if (well) {
      end();
    } else {
      world.machines().forEach(Machine::killAll);
    }
    new Leaks(world).write();
    keepDisks();
    journal.say(
        "%d faults; %d violations seen by the nemesis"
            .formatted(journal.faults(), journal.violations()));
    return journal.violations() == 0;
  }

  private void describe() throws IOException {
    Files.writeString(
        options.directory().resolve("run.json"),
        JsonLine.of(
                "t", System.nanoTime(),
                "seed", options.seed(),
                "minutes", options.length().toMillis() / 60_000.0,
                "hosts", options.hosts(),
                "profile", options.profile(),
                "ttl", world.lease().ttl().toNanos(),
                "renew", world.lease().renew().toNanos(),
                "margin", world.lease().margin().toNanos(),
                "bound", world.lease().bound(0.001).toNanos(),
                "processes", ChaosProcesses.names(options))
            + "\n");
  }

  private boolean attack(Nemesis nemesis) throws IOException, InterruptedException {
    long end = System.nanoTime() + options.length().toNanos();
    while (System.nanoTime() - end < 0) {
      journal.say("round " + journal.nextRound());
      nemesis.round();
      if (!recovery.demand()) {
        return false;
      }
    }
    return true;
  }

  private void apply() throws InterruptedException {
    ApplyRequest request;
    try {
      request =
          new ApplyRequest(
              UUID.randomUUID().toString(),
              Optional.empty(),
              Declarations.readText(
                      "chaos", ChaosProcesses.declaration(options), Map.of(), ClusterFacts.UNKNOWN)
                  .processes(),
              false);
    } catch (InvalidDeclarationException e) {
      throw new IllegalStateException(e);
    }
    Machine first = world.machines().get(0);
    if (!await(
        "the declaration to be applied",
        LONGEST_START,
        () -> answered(() -> first.api(15_000).apply(request)))) {
      journal.violation("nothing could be declared");
    }
  }

  private interface Question {
    Object ask() throws AgentApi.Refused;
  }

  private static boolean answered(Question question) {
    try {
      question.ask();
      return true;
    } catch (AgentApi.Refused e) {
      return false;
    }
  }

  private interface Condition {
    boolean holds();
  }

  private boolean await(String what, Duration longest, Condition condition)
      throws InterruptedException {
    long begun = System.nanoTime();
    while (!condition.holds()) {
      if (System.nanoTime() - begun > longest.toNanos()) {
        journal.note("within " + longest + " there was not " + what);
        return false;
      }
      Recovery.startEnded(world);
      TimeUnit.MILLISECONDS.sleep(200);
    }
    return true;
  }

  private boolean allWell() {
    return world.machines().stream()
        .allMatch(
            machine -> {
              Optional<ClusterStatus> status = machine.status();
              status.ifPresent(world::know);
              return status.filter(it -> it.health().well()).isPresent();
            });
  }

  private String problems() {
    return world.machines().stream()
        .map(
            machine ->
                machine.name()
                    + ": "
                    + machine
                        .status()
                        .map(status -> status.health().problems().toString())
                        .orElse("no answer"))
        .collect(Collectors.joining("; "));
  }

  /** How all was after the last healing. */
  private void writeFinal() throws IOException {
    Optional<ClusterStatus> status = world.status();
    if (status.isEmpty()) {
      return;
    }
    List<String> instances = new ArrayList<>();
    for (ProcessStatus process : status.get().processes()) {
      process
          .instances()
          .forEach(
              instance ->
                  instances.add(
                      JsonLine.of(
                          "process", process.name(),
                          "instance", instance.id(),
                          "host", instance.host().map(Object::toString).orElse(""),
                          "state", instance.state(),
                          "good", instance.state().good())));
    }
    Files.writeString(
        options.directory().resolve("final.json"),
        "{\"t\":%d,\"well\":%s,\"problems\":%s,\"instances\":[%s]}%n"
            .formatted(
                System.nanoTime(),
                status.get().health().well(),
                JsonLine.list(status.get().health().problems()),
                String.join(",", instances)));
  }

  /** Stops the processes, then the agents, as an operator does. */
  private void end() throws InterruptedException {
    journal.say("stopping all");
    for (ProcessStatus process : world.status().map(ClusterStatus::processes).orElse(List.of())) {
      Machine first = world.machines().get(0);
      String path = process.name().toString();
      await(
          path + " to be stopped",
          Duration.ofSeconds(20),
          () -> answered(() -> first.api(15_000).act(path, ActionRequest.Action.STOP)));
    }
    await(
        "all instances to have ended",
        LONGEST_END,
        () ->
            world
                .status()
                .filter(
                    status ->
                        status.processes().stream()
                            .flatMap(process -> process.instances().stream())
                            .noneMatch(instance -> instance.pid().isPresent()))
                .isPresent());
    world.machines().forEach(Machine::askToEnd);
    for (Machine machine : world.machines()) {
      if (!machine.awaitEnd(LONGEST_END.toSeconds())) {
        journal.violation("the agent of " + machine.name() + " does not end");
      }
    }
  }

  /** The disks are in memory and would be gone. */
  private void keepDisks() throws IOException {
    for (Machine machine : world.machines()) {
      Path kept = options.directory().resolve("disk-of-" + machine.name());
      Machine.copy(machine.disk(), kept);
    }
  }
}
