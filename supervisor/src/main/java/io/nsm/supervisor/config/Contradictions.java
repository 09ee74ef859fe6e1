package io.nsm.supervisor.config;

import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.LeaseTerms;
import io.nsm.supervisor.model.ProcessSpec;
import io.nsm.supervisor.model.ProcessSpec.Mode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds what is right by itself and wrong together. */
final class Contradictions {
  private final ClusterFacts cluster;
  private final Problems problems;

  Contradictions(ClusterFacts cluster, Problems problems) {
    this.cluster = cluster;
    this.problems = problems;
  }

  /** A process and where it was declared. */
  record Parsed(ProcessSpec spec, Section section) {}

  void check(List<Parsed> processes) {
    processes.forEach(this::check);
    new Orders(processes, problems).check();
    for (int i = 0; i < processes.size(); i++) {
      for (int j = 0; j < i; j++) {
        checkPorts(processes.get(j), processes.get(i));
      }
    }
  }

  private void check(Parsed process) {
    checkReplicas(process);
    checkCommand(process);
    checkPreferred(process);
    checkSignal(process);
    cluster.lease().ifPresent(lease -> checkTimes(process, lease));
    Section section = process.section();
    if (process.spec().mode() != Mode.ACTIVE_STANDBY
        && section.has("activeStandby")
        && !section.inherited("activeStandby")) {
      problems.error(
          section
              .problem(
                  "activeStandby",
                  "mode is " + Texts.word(process.spec().mode()) + ": none stands by")
              .against(section.placeOf("mode"))
              .hint("remove it, or use 'mode: active-standby'"));
    }
  }

  private void checkReplicas(Parsed process) {
    ProcessSpec spec = process.spec();
    Section section = process.section();
    if (spec.mode() == Mode.ONE_SHOT && spec.replicas() > 1) {
      problems.error(
          section
              .problem("replicas", spec.replicas() + " is too many: mode is one-shot")
              .against(section.placeOf("mode"))
              .hint("remove 'replicas', or use 'mode: replicated'"));
    }
    if (spec.mode() == Mode.ACTIVE_STANDBY && spec.replicas() == 1) {
      problems.warning(
          section
              .problem("replicas", "no standby: when the only instance dies, nothing takes over")
              .hint("use 'replicas: 2'"));
    }
  }

  /** A program that does not speak the link acts from its launch, and cannot be asked to stop. */
  private void checkCommand(Parsed process) {
    Section section = process.section();
    Optional<Section> rules = section.section("activeStandby", Shape.ACTIVE_STANDBY);
    if (!(process.spec().program() instanceof ProcessSpec.Command) || rules.isEmpty()) {
      return;
    }
    ProcessSpec.ActiveStandby read = process.spec().activeStandby();
    if (read.standby() == ProcessSpec.Standby.HOT) {
      problems.error(
          rules
              .get()
              .problem("standby", "'hot' is not possible: a command acts from its launch")
              .against(section.placeOf("command"))
              .hint("use 'standby: cold', which is the default with a command"));
    }
    if (read.onLeaseLost() == ProcessSpec.OnLeaseLost.DEMOTE
        && !rules.get().inherited("onLeaseLost")) {
      problems.error(
          rules
              .get()
              .problem(
                  "onLeaseLost",
                  "'demote' is not possible: a command cannot be asked to stop acting")
              .against(section.placeOf("command"))
              .hint("use 'onLeaseLost: halt', which is the default"));
    }
  }

  private void checkPreferred(Parsed process) {
    Section section = process.section();
    Optional<Section> activeStandby = section.section("activeStandby", Shape.ACTIVE_STANDBY);
    for (HostName host : process.spec().activeStandby().prefer()) {
      if (activeStandby.isEmpty()) {
        return;
      }
      Problem problem =
          activeStandby.get().problem("prefer", "placement.on excludes host '" + host + "'");
      if (!HostSets.admitsName(host.name(), process.spec().placement().on())) {
        problems.error(
            problem
                .against(section.placeOf("placement", "on"))
                .hint("remove the host here or admit it there"));
      } else if (!cluster.hosts().isEmpty() && !cluster.hosts().contains(host)) {
        List<String> known = cluster.hosts().stream().map(HostName::name).sorted().toList();
        activeStandby
            .get()
            .error(
                "prefer",
                "no host '" + host + "' runs processes here",
                Closest.of(host.name(), known)
                    .map(near -> "did you mean '" + near + "'?")
                    .orElse("known are " + String.join(", ", known)));
      }
    }
  }

  private void checkSignal(Parsed process) {
    if (process.spec().program() instanceof ProcessSpec.Java
        && process.spec().stop().signal().equals("QUIT")) {
      Section section = process.section();
      problems.warning(
          Problem.at(
                  section.placeOf("stop", "signal"),
                  section.pathOf("stop.signal"),
                  "a JVM answers QUIT with a thread dump and goes on: it would be killed in the end")
              .hint("use TERM"));
    }
  }

  private void checkTimes(Parsed process, LeaseTerms lease) {
    for (LeaseRules.Misfit misfit : LeaseRules.misfits(process.spec(), lease)) {
      Section section = process.section();
      Problem problem =
          Problem.at(
                  section.placeOf(misfit.key().split("\\.")),
                  section.pathOf(misfit.key()),
                  misfit.message())
              .hint(misfit.hint());
      problems.error(
          misfit.against().isEmpty()
              ? problem
              : problem.against(section.placeOf(misfit.against().split("\\."))));
    }
  }

  private void checkPorts(Parsed first, Parsed second) {
    if (!HostSets.mayMeet(first.spec().placement().on(), second.spec().placement().on())) {
      return;
    }
    for (Map.Entry<String, Integer> port : second.spec().ports().entrySet()) {
      for (Map.Entry<String, Integer> taken : first.spec().ports().entrySet()) {
        if (port.getValue().equals(taken.getValue())) {
          problems.error(
              Problem.at(
                      second.section().placeOf("ports", port.getKey()),
                      second.section().pathOf("ports." + port.getKey()),
                      "port "
                          + port.getValue()
                          + " is also that of process '"
                          + first.spec().name()
                          + "', which may share a host")
                  .against(first.section().placeOf("ports", taken.getKey()))
                  .hint("use another port, or keep them apart with placement.on"));
        }
      }
    }
  }
}
