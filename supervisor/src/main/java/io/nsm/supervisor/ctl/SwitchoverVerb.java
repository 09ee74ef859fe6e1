package io.nsm.supervisor.ctl;

import io.nsm.supervisor.api.ActionRequest.Action;
import io.nsm.supervisor.api.ActionResult;
import io.nsm.supervisor.api.ClusterStatus;
import io.nsm.supervisor.api.ProcessStatus;
import io.nsm.supervisor.model.HostName;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "switchover",
    description = "Have a standby take over from the active instance, and wait until it acts.")
final class SwitchoverVerb extends ActionVerb {
  @Parameters(index = "0", paramLabel = "NAME", description = "The process.")
  private String name = "";

  @Option(
      names = "--to",
      paramLabel = "HOST",
      description = "Where to. Default: any host with a ready standby.")
  private String host = "";

  SwitchoverVerb(Surroundings surroundings) {
    super(surroundings, Action.SWITCHOVER);
  }

  @Override
  List<ProcessStatus> chosen(ClusterStatus cluster) {
    target()
        .filter(to -> cluster.hosts().stream().noneMatch(known -> known.name().equals(to)))
        .ifPresent(
            to -> {
              throw new Failure(ExitCode.NO_SUCH, "there is no host " + to);
            });
    return List.of(find(cluster, name));
  }

  @Override
  Goal goal(ProcessStatus before, ActionResult result) {
    return result.changed()
        ? Goal.switchedOver(before.name(), before.epoch(), target())
        : Goal.active(before.name());
  }

  @Override
  Optional<HostName> target() {
    if (host.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new HostName(host));
    } catch (IllegalArgumentException invalid) {
      throw new Failure(ExitCode.USAGE, String.valueOf(invalid.getMessage()));
    }
  }
}
