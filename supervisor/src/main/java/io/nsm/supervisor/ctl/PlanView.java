package io.nsm.supervisor.ctl;

import static io.nsm.supervisor.ctl.Table.cell;

import io.nsm.supervisor.api.Change;
import io.nsm.supervisor.api.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** What applying does, as text. */
record PlanView(List<Change> changes) implements OutputOptions.View {

  @Override
  public String table(boolean wide, boolean colour) {
    if (changes.isEmpty()) {
      return "nothing is declared\n";
    }
    Table table = new Table("PROCESS", "ACTION", "CHANGED", "NOTE");
    for (Change change : changes) {
      String problems =
          change.problems().stream().map(Problem::text).collect(Collectors.joining("; "));
      table.row(
          cell(change.process().name()),
          cell(Words.of(change.action()), style(change.action())),
          cell(String.join(", ", change.changedKeys())),
          cell(problems, style(change)));
    }
    return table.render(colour);
  }

  @Override
  public List<String> names() {
    return changes.stream()
        .filter(change -> change.action() != Change.Action.NONE)
        .map(change -> change.process().name())
        .toList();
  }

  private static Style style(Change change) {
    return change.problems().isEmpty() ? Style.PLAIN : Style.BAD;
  }

  private static Style style(Change.Action action) {
    return switch (action) {
      case NONE -> Style.PLAIN;
      case CREATE, IN_PLACE -> Style.GOOD;
      case RESTART -> Style.CAUTION;
      case REMOVE -> Style.BAD;
    };
  }
}
