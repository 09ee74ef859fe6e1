package io.nsm.agent.chaos.check;

import io.nsm.agent.chaos.check.TermEvent.Position;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Puts together the lines of saves: what was asked for, and what came of it. */
final class SavesReader {
  private record Key(Run run, long op) {}

  private final Map<Key, Save> saves = new LinkedHashMap<>();

  void read(Line line, Run run) throws MalformedRecordingException {
    Key key = new Key(run, line.number("op"));
    String kind = line.text("kind");
    if (kind.equals("invoke")) {
      Save save =
          new Save(
              run,
              line.number("epoch"),
              line.number("value"),
              line.number("t"),
              KeyCall.NEVER,
              Optional.empty());
      if (saves.putIfAbsent(key, save) != null) {
        throw line.wrong("a second save " + key);
      }
      return;
    }
    Save asked = saves.get(key);
    if (asked == null) {
      throw line.wrong("an outcome without an invoke: " + key);
    }
    Optional<Position> acknowledged =
        switch (kind) {
          case "ok" ->
              Optional.of(
                  new Position(line.number("checkpointEpoch"), line.number("checkpointSequence")));
          case "fail", "unknown" -> Optional.empty();
          default -> throw line.wrong("unknown kind '" + kind + "'");
        };
    saves.put(
        key,
        new Save(
            run, asked.epoch(), asked.value(), asked.invoked(), line.number("t"), acknowledged));
  }

  List<Save> all() {
    return new ArrayList<>(saves.values());
  }
}
