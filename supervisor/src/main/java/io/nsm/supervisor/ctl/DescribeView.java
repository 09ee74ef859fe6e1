package io.nsm.supervisor.ctl;

import static io.nsm.supervisor.ctl.StatusView.age;

import io.nsm.supervisor.api.CheckpointStatus;
import io.nsm.supervisor.api.EndedRun;
import io.nsm.supervisor.api.InstanceDescription;
import io.nsm.supervisor.api.InstanceStatus;
import io.nsm.supervisor.api.ProcessDescription;
import io.nsm.supervisor.wire.Json;
import java.time.Duration;
import java.util.List;

/** All about one process as text. */
record DescribeView(ProcessDescription process) implements OutputOptions.View {

  @Override
  public String table(boolean wide, boolean colour) {
    StringBuilder text = new StringBuilder();
    text.append(Style.HEADING.paint(Headline.of(process.status()), colour)).append('\n');
    process.why().forEach(sentence -> text.append("  ").append(sentence).append('\n'));
    process
        .status()
        .problems()
        .forEach(problem -> text.append("  ").append(problem.text()).append('\n'));
    text.append('\n');
    field(text, "mode", Words.of(process.status().mode()));
    field(text, "wanted", Words.of(process.status().wanted()));
    field(text, "replicas", Integer.toString(process.status().replicas()));
    field(text, "revision", Long.toString(process.status().revision()));
    Allotted.of(process.spec()).forEach(line -> field(text, line.name(), line.value()));
    field(text, "checkpoint", process.checkpoint().map(this::checkpoint).orElse("none"));
    process.instances().forEach(instance -> instance(text, instance, colour));
    if (wide) {
      text.append("\ndeclaration\n").append(Json.pretty(process.spec()).indent(2));
    }
    return text.toString();
  }

  @Override
  public List<String> names() {
    return List.of(process.status().name().name());
  }

  private String checkpoint(CheckpointStatus checkpoint) {
    return "epoch %s, sequence %d, %s, saved %s ago"
        .formatted(
            checkpoint.last().epoch(),
            checkpoint.last().sequence(),
            Spans.size(checkpoint.last().size()),
            age(process.at(), checkpoint.savedAt()));
  }

  private void instance(StringBuilder text, InstanceDescription instance, boolean colour) {
    InstanceStatus status = instance.status();
    text.append("\n")
        .append(status.id())
        .append(status.host().map(host -> " on " + host).orElse(", placed nowhere"))
        .append(": ")
        .append(Style.of(status.state()).paint(status.state().name(), colour))
        .append(status.reason().map(reason -> " (" + reason + ")").orElse(""))
        .append(" for ")
        .append(age(process.at(), status.since()))
        .append('\n');
    status
        .run()
        .ifPresent(
            run -> field(text, "run", run + status.pid().map(pid -> ", pid " + pid).orElse("")));
    field(text, "ready", status.ready() ? "yes" : "no");
    field(text, "link", status.link() ? "connected" : "not connected");
    field(text, "restarts", Integer.toString(status.restarts()));
    status
        .nextRestart()
        .ifPresent(
            next -> field(text, "starts in", Spans.brief(Duration.between(process.at(), next))));
    instance.ended().forEach(run -> ended(text, run));
  }

  private void ended(StringBuilder text, EndedRun run) {
    text.append(
        "  ended %s ago after %s: %s\n"
            .formatted(age(process.at(), run.at()), Spans.brief(run.lived()), run.reason()));
    run.tail().forEach(line -> text.append("    | ").append(line).append('\n'));
  }

  private static void field(StringBuilder text, String name, String value) {
    text.append("  %-12s%s\n".formatted(name, value));
  }
}
