package io.nsm.agent.chaos;

import io.nsm.supervisor.api.ClusterStatus;
import io.nsm.supervisor.api.InstanceStatus;
import io.nsm.supervisor.api.ProcessStatus;
import io.nsm.supervisor.model.LeaseTerms;
import io.nsm.supervisor.model.ProcessName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The hosts, their wires, and what is known of the cluster on them. */
final class World {
  private final ChaosOptions options;
  private final Wires wires;
  private final List<Machine> machines;
  private final LeaseTerms lease;
  private final Journal journal;
  private Optional<ClusterStatus> last = Optional.empty();

  World(ChaosOptions options, Journal journal) {
    this.options = options;
    this.journal = journal;
    this.wires = new Wires(options.names(), options.hosts());
    this.machines =
        IntStream.rangeClosed(1, options.hosts())
            .mapToObj(number -> new Machine(number, options.directory(), wires))
            .toList();
    this.lease =
        Stream.of(LeaseTerms.FAST, LeaseTerms.BALANCED, LeaseTerms.PATIENT)
            .filter(terms -> terms.profile().equals(options.profile()))
            .findFirst()
            .orElseThrow(
                () -> new IllegalArgumentException("no lease profile " + options.profile()));
  }

  /** Makes the hosts, with their disks, and starts their agents. */
  void begin() throws IOException {
    String all =
        machines.stream()
            .map(m -> "  %s: {address: %s}\n".formatted(m.name(), Wires.address(m.number())))
            .collect(Collectors.joining());
    for (Machine machine : machines) {
      machine.mountDisk();
      Files.writeString(
          machine.config(),
          """
          apiVersion: nsm/v1
          cluster: chaos
          host: %s
          labels: {address: %s}
          hosts:
          %slease: {profile: %s}
          dataDirectory: %s
          runDirectory: %s
          http: {bind: %s}
          """
              .formatted(
                  machine.name(),
                  Wires.address(machine.number()),
                  all,
                  options.profile(),
                  machine.disk(),
                  machine.run(),
                  Wires.address(machine.number())));
      Files.writeString(clock(machine), "+0\n");
      machine.initialise();
    }
    machines.forEach(Machine::start);
  }

  ChaosOptions options() {
    return options;
  }

  Journal journal() {
    return journal;
  }

  LeaseTerms lease() {
    return lease;
  }

  Wires wires() {
    return wires;
  }

  List<Machine> machines() {
    return machines;
  }

  Machine machine(String name) {
    return machines.stream().filter(m -> m.name().equals(name)).findFirst().orElseThrow();
  }

  /** How much the wall clock of the recorder on a host is off, as libfaketime reads it. */
  Path clock(Machine machine) {
    return options.directory().resolve("clock-" + machine.name());
  }

  /** What the first host that answers says; asks no further than needed. */
  Optional<ClusterStatus> status() {
    Optional<ClusterStatus> now =
        machines.stream().map(Machine::status).flatMap(Optional::stream).findFirst();
    now.ifPresent(status -> last = Optional.of(status));
    return now;
  }

  /** What was said last: good enough to choose what to hit. */
  ClusterStatus known() throws Fault.NotNow {
    return last.orElseThrow(() -> new Fault.NotNow("nothing is known of the cluster"));
  }

  void know(ClusterStatus status) {
    last = Optional.of(status);
  }

  /** The host that leads the ledger, as known. */
  Machine leader() throws Fault.NotNow {
    return machine(
        known().leader().orElseThrow(() -> new Fault.NotNow("no leader is known")).name());
  }

  /** All instances that are known to run. */
  List<InstanceStatus> instances() throws Fault.NotNow {
    return known().processes().stream()
        .flatMap(process -> process.instances().stream())
        .filter(instance -> instance.pid().isPresent())
        .toList();
  }

  /** The instance that acts for a process, as known. */
  InstanceStatus active(String process) throws Fault.NotNow {
    ProcessStatus status =
        known()
            .process(new ProcessName(process))
            .orElseThrow(() -> new Fault.NotNow("no process " + process));
    return status
        .active()
        .flatMap(
            active ->
                status.instances().stream()
                    .filter(instance -> instance.id().equals(active.instance()))
                    .findFirst())
        .filter(instance -> instance.pid().isPresent())
        .orElseThrow(() -> new Fault.NotNow("nobody is known to act for " + process));
  }

  Machine any(Random random) {
    return machines.get(random.nextInt(machines.size()));
  }

  /** The hosts in an order that chance decides. */
  List<Machine> shuffled(Random random) {
    List<Machine> all = new ArrayList<>(machines);
    java.util.Collections.shuffle(all, random);
    return all;
  }

  int majority() {
    return machines.size() / 2 + 1;
  }
}
