package io.nsm.supervisor.ctl;

import static io.nsm.supervisor.ctl.Table.cell;

import io.nsm.supervisor.api.ClusterStatus;
import io.nsm.supervisor.api.HostStatus;
import io.nsm.supervisor.api.InstanceState;
import io.nsm.supervisor.api.InstanceStatus;
import io.nsm.supervisor.api.ProcessStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The cluster's status as text. */
record StatusView(ClusterStatus cluster) implements OutputOptions.View {

  @Override
  public String table(boolean wide, boolean colour) {
    String headline =
        (cluster.health().well() ? Style.GOOD : Style.BAD).paint(Headline.of(cluster), colour);
    return headline
        + "\n\n"
        + hosts(wide, colour)
        + (cluster.processes().isEmpty()
            ? "\nno processes are declared; see 'nsmctl apply --help'\n"
            : "\n" + processes(wide, colour));
  }

  @Override
  public List<String> names() {
    return cluster.processes().stream().map(process -> process.name().name()).toList();
  }

  private String hosts(boolean wide, boolean colour) {
    Table table =
        wide
            ? new Table("HOST", "ROLE", "STATE", "FOR", "LEADS", "ADDRESS", "INCARNATION")
            : new Table("HOST", "ROLE", "STATE", "FOR", "LEADS");
    for (HostStatus host : cluster.hosts()) {
      List<Table.Cell> cells = new ArrayList<>();
      boolean up = host.presence() == HostStatus.Presence.UP;
      cells.add(cell(host.name().name()));
      cells.add(cell(Words.of(host.role())));
      cells.add(cell(Words.of(host.presence()), up ? Style.GOOD : Style.BAD));
      cells.add(cell(host.since().map(since -> age(cluster.at(), since)).orElse("")));
      cells.add(cell(cluster.leader().filter(host.name()::equals).isPresent() ? "yes" : ""));
      if (wide) {
        cells.add(cell(host.address()));
        cells.add(cell(host.incarnation().orElse("")));
      }
      table.row(cells.toArray(Table.Cell[]::new));
    }
    return table.render(colour);
  }

  private String processes(boolean wide, boolean colour) {
    Table table =
        wide
            ? new Table(
                "PROCESS",
                "MODE",
                "WANTED",
                "REVISION",
                "INSTANCE",
                "HOST",
                "STATE",
                "FOR",
                "RESTARTS",
                "EPOCH",
                "PID",
                "LINK",
                "RUN",
                "NOTE")
            : new Table("PROCESS", "MODE", "INSTANCE", "HOST", "STATE", "FOR", "RESTARTS", "NOTE");
    for (ProcessStatus process : cluster.processes()) {
      if (process.instances().isEmpty()) {
        table.row(row(process, wide));
      }
      for (InstanceStatus instance : process.instances()) {
        table.row(row(process, instance, wide));
      }
    }
    return table.render(colour);
  }

  private Table.Cell[] row(ProcessStatus process, InstanceStatus instance, boolean wide) {
    List<Table.Cell> cells = heading(process, wide);
    cells.add(cell(instance.id().toString()));
    cells.add(cell(instance.host().map(Object::toString).orElse("")));
    cells.add(cell(instance.state().name(), Style.of(instance.state())));
    cells.add(cell(age(cluster.at(), instance.since())));
    cells.add(cell(Integer.toString(instance.restarts())));
    if (wide) {
      boolean active = instance.state() == InstanceState.ACTIVE;
      cells.add(cell(active && process.epoch().number() > 0 ? process.epoch().toString() : ""));
      cells.add(cell(instance.pid().map(Object::toString).orElse("")));
      cells.add(cell(instance.link() ? "yes" : "no"));
      cells.add(cell(instance.run().map(Object::toString).orElse("")));
    }
    cells.add(cell(note(process, instance)));
    return cells.toArray(Table.Cell[]::new);
  }

  /** A process without an instance. */
  private static Table.Cell[] row(ProcessStatus process, boolean wide) {
    List<Table.Cell> cells = heading(process, wide);
    int empty = wide ? 9 : 5;
    for (int column = 0; column < empty; column++) {
      cells.add(cell(""));
    }
    cells.add(
        cell(process.problems().stream().map(problem -> problem.text()).findFirst().orElse("")));
    return cells.toArray(Table.Cell[]::new);
  }

  private static List<Table.Cell> heading(ProcessStatus process, boolean wide) {
    List<Table.Cell> cells = new ArrayList<>();
    cells.add(cell(process.name().name()));
    cells.add(cell(Words.of(process.mode())));
    if (wide) {
      cells.add(cell(Words.of(process.wanted())));
      cells.add(cell(Long.toString(process.revision())));
    }
    return cells;
  }

  private String note(ProcessStatus process, InstanceStatus instance) {
    List<String> notes = new ArrayList<>();
    instance.reason().ifPresent(notes::add);
    process
        .active()
        .filter(active -> active.instance().equals(instance.id()))
        .ifPresent(active -> notes.add("epoch " + active.epoch()));
    instance
        .nextRestart()
        .ifPresent(
            next -> notes.add("starts in " + Spans.brief(Duration.between(cluster.at(), next))));
    return String.join(", ", notes);
  }

  static String age(Instant now, Instant since) {
    return Spans.brief(Duration.between(since, now));
  }
}
