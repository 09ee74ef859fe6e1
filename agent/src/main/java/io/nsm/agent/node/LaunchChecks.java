package io.nsm.agent.node;

import io.nsm.agent.launch.ControlGroups;
import io.nsm.supervisor.api.DoctorReport.Check;
import io.nsm.supervisor.api.DoctorReport.Verdict;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the host does not permit the agent to do for its runs. */
final class LaunchChecks {
  private LaunchChecks() {}

  /** An agent that is not root is no fault: processes run as its user. */
  static Check users(Optional<String> lacking) {
    return new Check(
        "user",
        Verdict.OK,
        lacking.orElse("processes can run as any user of this host"),
        Optional.empty());
  }

  static Check groups(ControlGroups groups) {
    List<String> lacking = groups.lacking();
    if (lacking.isEmpty()) {
      String places =
          groups.places().stream().map(Path::toString).collect(Collectors.joining(", "));
      return new Check("cgroup", Verdict.OK, "runs are kept below " + places, Optional.empty());
    }
    return new Check(
        "cgroup",
        Verdict.WARN,
        String.join("; ", lacking),
        Optional.of(
            "delegate a control group to the agent: see 'Limits and control groups' in"
                + " docs/guides/operating.md"));
  }
}
