package io.nsm.agent.node;

import static io.nsm.agent.lifecycle.Given.COMMAND;
import static io.nsm.agent.lifecycle.Given.HOST;
import static io.nsm.agent.lifecycle.Given.WORKER;
import static io.nsm.agent.lifecycle.Given.hot;
import static io.nsm.agent.lifecycle.Given.oneShot;
import static io.nsm.agent.lifecycle.Given.replicas;
import static io.nsm.agent.lifecycle.Given.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.api.ActiveInstance;
import io.nsm.supervisor.api.ClusterStatus;
import io.nsm.supervisor.api.HostStatus;
import io.nsm.supervisor.api.InstanceState;
import io.nsm.supervisor.api.InstanceStatus;
import io.nsm.supervisor.api.Problem;
import io.nsm.supervisor.api.ProcessStatus;
import io.nsm.supervisor.api.Quorum;
import io.nsm.supervisor.api.Wanted;
import io.nsm.supervisor.config.AgentConfig;
import io.nsm.supervisor.config.HostAddress;
import io.nsm.supervisor.ledger.Command;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.Grant;
import io.nsm.supervisor.model.HostId;
import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.InstanceReport;
import io.nsm.supervisor.model.LeaseTerms;
import io.nsm.supervisor.model.ProcessSpec;
import io.nsm.supervisor.model.ProcessSpec.Restart;
import io.nsm.supervisor.model.StateWord;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What people are shown: hosts a and b are in the ledger, c never joined, w is a witness. */
class ClusterViewTest {
  private static final Instant AT = Instant.parse("2026-11-22T12:00:00Z");
  private static final HostName A = new HostName("a");
  private static final HostName B = new HostName("b");
  private static final HostName C = new HostName("c");
  private static final HostName W = new HostName("w");

  @Test
  void shows_which_hosts_can_be_reached_and_what_each_is_there_for() {
    ClusterStatus status = view(Ledgers.empty(), Set.of(A, W), Map.of()).status();

    assertThat(status.hosts().stream().map(HostStatus::name)).containsExactly(A, B, C, W);
    assertThat(status.hosts().stream().map(HostStatus::presence))
        .containsExactly(
            HostStatus.Presence.UP,
            HostStatus.Presence.SILENT,
            HostStatus.Presence.NEVER_SEEN,
            HostStatus.Presence.UP);
    assertThat(status.hosts().stream().map(HostStatus::role))
        .containsExactly(
            HostStatus.Role.VOTER,
            HostStatus.Role.VOTER,
            HostStatus.Role.MEMBER,
            HostStatus.Role.WITNESS);
    assertThat(status.index()).isEqualTo(Ledgers.empty().index());
    assertThat(status.leaseProfile()).isEqualTo("fast");
  }

  @Test
  void counts_the_voters_that_can_be_reached() {
    assertThat(view(Ledgers.empty(), Set.of(A, W), Map.of()).status().quorum())
        .isEqualTo(new Quorum(true, 3, 2));
    assertThat(view(Ledgers.empty(), Set.of(A, C), Map.of()).status().quorum())
        .isEqualTo(new Quorum(false, 3, 1));
  }

  @Test
  void says_that_a_copy_far_behind_the_leaders_shows_what_is_old() {
    assertThat(
            view(Ledgers.empty(), Set.of(A, B, W), Map.of(), 10_000).status().health().problems())
        .anyMatch(problem -> problem.contains("what it shows is old"));
    assertThat(view(Ledgers.empty(), Set.of(A, B, W), Map.of(), 10).status().health().problems())
        .noneMatch(problem -> problem.contains("what it shows is old"));
  }

  @Test
  void calls_active_who_holds_the_grant_and_says_itself_that_it_acts() {
    Ledgers ledger = Ledgers.placed(hot());
    Grant.Held grant = ledger.grant(run(1));

    ProcessStatus silent = worker(ledger, report(StateWord.ACTIVE, Optional.empty()));
    ProcessStatus stale = worker(ledger, report(StateWord.ACTIVE, Optional.of(new Epoch(9))));
    ProcessStatus acting = worker(ledger, report(StateWord.ACTIVE, Optional.of(grant.epoch())));

    assertThat(silent.active()).isEmpty();
    assertThat(stale.active()).isEmpty();
    assertThat(acting.active())
        .contains(new ActiveInstance(WORKER, A, grant.epoch(), AT.minusMillis(1_500)));
    assertThat(acting.wanted()).isEqualTo(Wanted.RUNNING);
    assertThat(acting.epoch()).isEqualTo(grant.epoch());
  }

  @Test
  void shows_an_instance_as_its_host_tells_it() {
    InstanceStatus instance =
        worker(Ledgers.placed(hot()), report(StateWord.STANDBY, Optional.empty()))
            .instances()
            .get(0);

    assertThat(instance.state()).isEqualTo(InstanceState.STANDBY);
    assertThat(instance.host()).contains(A);
    assertThat(instance.run()).contains(run(1));
    assertThat(instance.since()).isEqualTo(AT.minusMillis(1_500));
  }

  @Test
  void does_not_know_the_state_of_an_instance_whose_host_cannot_be_reached() {
    Ledgers ledger = Ledgers.placed(hot());
    Map<HostId, List<InstanceReport>> old =
        Map.of(HOST, List.of(report(StateWord.ACTIVE, Optional.empty())));

    InstanceStatus instance =
        view(ledger, Set.of(B, W), old).process(ledger.worker()).instances().get(0);

    assertThat(instance.state()).isEqualTo(InstanceState.UNKNOWN);
    assertThat(instance.reason()).contains("HOST_LOST");
  }

  @Test
  void takes_an_instance_for_starting_of_which_its_host_says_nothing_yet() {
    Ledgers ledger = Ledgers.placed(hot());

    assertThat(
            view(ledger, Set.of(A), Map.of()).process(ledger.worker()).instances().get(0).state())
        .isEqualTo(InstanceState.STARTING);
    ledger.want(false);
    assertThat(
            view(ledger, Set.of(A), Map.of()).process(ledger.worker()).instances().get(0).state())
        .isEqualTo(InstanceState.STOPPED);
  }

  @Test
  void shows_no_one_shot_as_the_active_of_its_process_as_none_stands_by() {
    Ledgers ledger = Ledgers.placed(oneShot(COMMAND, Restart.Policy.NEVER)).want(true);
    Grant.Held grant = ledger.grant(run(1));
    InstanceReport acts = report(StateWord.ACTIVE, Optional.of(grant.epoch()));

    assertThat(worker(ledger, acts).active()).isEmpty();
    assertThat(view(ledger, Set.of(A, B, W), Map.of(HOST, List.of(acts))).why(ledger.worker()))
        .containsExactly("epoch 2 is granted to worker/1 on a, which acts");
  }

  @Test
  void shows_how_a_one_shot_ended() {
    Ledgers ledger = Ledgers.placed(oneShot(COMMAND, Restart.Policy.NEVER));
    Grant.Held grant = ledger.grant(run(1));
    ledger.apply(new Command.Finish(WORKER.process(), grant.epoch(), run(1), false, "EXIT_3", 9));

    ProcessStatus status = worker(ledger, report(StateWord.STOPPED, Optional.empty()));

    assertThat(status.instances().get(0).state()).isEqualTo(InstanceState.FAILED);
    assertThat(view(ledger, Set.of(A, B), Map.of()).why(ledger.worker()))
        .containsExactly("its last run failed (EXIT_3)");
  }

  @Test
  void names_as_a_problem_only_what_can_be_placed_nowhere() {
    Ledgers soon = Ledgers.declared(replicas(hot(), 2));
    Ledgers never = Ledgers.declared(apart(3));

    assertThat(view(soon, Set.of(A, B), Map.of()).process(soon.worker()).problems()).isEmpty();
    Problem problem = view(never, Set.of(A, B), Map.of()).process(never.worker()).problems().get(0);
    assertThat(problem.code()).isEqualTo(Problem.CANNOT_BE_PLACED);
    assertThat(problem.text()).contains("3 of 3").contains("[a, b]");
  }

  @Test
  void does_not_call_unplaceable_what_a_host_may_take_that_has_not_joined_yet() {
    Ledgers ledger = Ledgers.declared(apart(3));

    assertThat(view(ledger, Set.of(A, B, C), Map.of()).process(ledger.worker()).problems())
        .isEmpty();
  }

  @Test
  void says_why_a_process_does_not_act() {
    Ledgers ledger = Ledgers.placed(hot());
    ClusterView vacant = view(ledger, Set.of(A), Map.of());

    assertThat(vacant.why(ledger.worker()))
        .anyMatch(why -> why.contains("no majority"))
        .anyMatch(why -> why.contains("nobody holds its grant"));

    Grant.Held grant = ledger.grant(run(1));
    ledger.handOver(grant.epoch());
    assertThat(view(ledger, Set.of(A, B), Map.of()).why(ledger.worker()))
        .containsExactly(
            "epoch 1 is granted to worker/1 on a, which does not say yet that it acts",
            "epoch 1 is asked to hand over: switchover");

    ledger.want(false);
    assertThat(view(ledger, Set.of(A, B), Map.of()).why(ledger.worker()))
        .contains("an operator stopped it");
  }

  private static ProcessSpec apart(int replicas) {
    var spec = replicas(hot(), replicas);
    return new ProcessSpec(
        spec.name(),
        spec.program(),
        spec.mode(),
        spec.replicas(),
        spec.activeStandby(),
        new ProcessSpec.Placement(List.of(), true, List.of()),
        spec.env(),
        spec.ports(),
        spec.restart(),
        spec.stop(),
        spec.logs());
  }

  private static ProcessStatus worker(Ledgers ledger, InstanceReport report) {
    return view(ledger, Set.of(A, B, W), Map.of(HOST, List.of(report))).process(ledger.worker());
  }

  private static InstanceReport report(StateWord word, Optional<Epoch> acting) {
    return new InstanceReport(
        WORKER,
        word,
        Optional.of(run(1)),
        Optional.of(42L),
        acting,
        false,
        false,
        Optional.empty(),
        0,
        1_500,
        Optional.empty(),
        List.of());
  }

  private static ClusterView view(
      Ledgers ledger, Set<HostName> reachable, Map<HostId, List<InstanceReport>> reports) {
    return view(ledger, reachable, reports, 0);
  }

  private static ClusterView view(
      Ledgers ledger,
      Set<HostName> reachable,
      Map<HostId, List<InstanceReport>> reports,
      long ahead) {
    return new ClusterView(
        config(),
        ledger.state(),
        ledger.index(),
        Optional.of(A),
        reachable,
        ledger.index() + ahead,
        reports,
        AT);
  }

  static AgentConfig config() {
    Map<HostName, HostAddress> hosts = new LinkedHashMap<>();
    hosts.put(A, new HostAddress("127.0.0.1", 7400, 7401, 7402, false));
    hosts.put(B, new HostAddress("127.0.0.1", 7410, 7411, 7412, false));
    hosts.put(C, new HostAddress("127.0.0.1", 7420, 7421, 7422, false));
    hosts.put(W, new HostAddress("127.0.0.1", 7430, 7431, 7432, true));
    return new AgentConfig(
        "test",
        A,
        Map.of(),
        hosts,
        List.of(A, B, W),
        Path.of("/var/nsm"),
        Path.of("/run/nsm"),
        LeaseTerms.FAST,
        "127.0.0.1",
        Optional.empty(),
        AgentConfig.CGROUP_NONE);
  }
}
