package io.nsm.supervisor.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.model.LeaseTerms;
import io.nsm.supervisor.model.ProcessSpec;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LeaseRulesTest {

  @Test
  void the_defaults_fit_every_profile() {
    ProcessSpec spec = spec("mode: active-standby");

    assertThat(LeaseRules.misfits(spec, LeaseTerms.FAST)).isEmpty();
    assertThat(LeaseRules.misfits(spec, LeaseTerms.BALANCED)).isEmpty();
    assertThat(LeaseRules.misfits(spec, LeaseTerms.PATIENT)).isEmpty();
  }

  @Test
  void a_demoted_process_winds_down_within_the_margin() {
    ProcessSpec spec =
        spec("mode: active-standby, activeStandby: {onLeaseLost: demote}, stop: {timeout: 1s}");

    assertThat(LeaseRules.misfits(spec, LeaseTerms.BALANCED)).isEmpty();
    assertThat(LeaseRules.misfits(spec, LeaseTerms.FAST))
        .singleElement()
        .extracting(LeaseRules.Misfit::toString)
        .asString()
        .startsWith("stop.timeout: 1s is longer than the margin 300ms of lease profile 'fast'");
  }

  @Test
  void an_activation_may_take_two_renewals() {
    ProcessSpec spec = spec("mode: active-standby, activeStandby: {activationTimeout: 500ms}");

    assertThat(LeaseRules.misfits(spec, LeaseTerms.FAST)).isEmpty();
    assertThat(LeaseRules.misfits(spec, LeaseTerms.BALANCED)).hasSize(1);
  }

  @Test
  void processes_of_which_all_act_have_no_lease_to_fit() {
    ProcessSpec spec = spec("mode: replicated, stop: {timeout: 10m}");

    assertThat(LeaseRules.misfits(spec, LeaseTerms.FAST)).isEmpty();
  }

  private static ProcessSpec spec(String keys) {
    String text = "{apiVersion: nsm/v1, processes: {p: {java: {jar: /p.jar}, " + keys + "}}}";
    return Declarations.readText("f", text, Map.of(), ClusterFacts.UNKNOWN).processes().get(0);
  }
}
