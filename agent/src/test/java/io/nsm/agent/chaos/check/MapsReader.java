package io.nsm.agent.chaos.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Puts together the lines of map calls: what was asked for, and what came of it. */
final class MapsReader {
  private record Key(String client, long op) {}

  private final Map<Key, Line> open = new LinkedHashMap<>();
  private final List<MapCall> calls = new ArrayList<>();

  void read(Line line) throws MalformedRecordingException {
    Key key = new Key(line.text("client"), line.number("op"));
    if (line.text("kind").equals("invoke")) {
      if (open.putIfAbsent(key, line) != null) {
        throw line.wrong("a second call " + key);
      }
      return;
    }
    Line asked = open.remove(key);
    if (asked == null) {
      throw line.wrong("an outcome without an invoke: " + key);
    }
    calls.add(call(asked, Optional.of(line)));
  }

  List<MapCall> all() throws MalformedRecordingException {
    List<MapCall> all = new ArrayList<>(calls);
    for (Line asked : open.values()) {
      all.add(call(asked, Optional.empty()));
    }
    return all;
  }

  private static MapCall call(Line asked, Optional<Line> answer)
      throws MalformedRecordingException {
    OptionalLong fence = asked.numberIfAny("epoch");
    boolean reads = asked.text("call").equals("get");
    String kind = answer.isPresent() ? answer.get().text("kind") : "unknown";
    Optional<KeyOperation> operation =
        switch (kind) {
          case "ok" -> Optional.of(done(asked, answer.orElseThrow()));
          // A fenced write may have been sent before the lease or the fence refused it.
          case "fail" -> fence.isPresent() && !reads ? Optional.of(wish(asked)) : Optional.empty();
          case "unknown" -> reads ? Optional.empty() : Optional.of(wish(asked));
          default -> throw answer.orElse(asked).wrong("unknown kind '" + kind + "'");
        };
    boolean ok = kind.equals("ok");
    long invoked = asked.number("t");
    long returned = answer.isPresent() ? answer.get().number("t") : KeyCall.NEVER;
    String client = asked.text("client");
    return new MapCall(
        client,
        asked.text("host"),
        asked.text("map") + "/" + asked.text("key"),
        text(asked, answer),
        invoked,
        returned,
        operation.map(
            effect -> new KeyCall(client, effect, invoked, ok ? returned : KeyCall.NEVER)),
        fence,
        asked.has("value") ? Optional.of(asked.text("value")) : Optional.empty(),
        ok && !reads && (!answer.orElse(asked).has("done") || answer.orElse(asked).flag("done")));
  }

  private static KeyOperation done(Line asked, Line answer) throws MalformedRecordingException {
    return switch (asked.text("call")) {
      case "get" -> found(answer);
      case "put" ->
          new KeyOperation.Write(asked.text("value"), answer.numberIfAny("version").orElse(0));
      case "putIfAbsent" ->
          answer.flag("done")
              ? new KeyOperation.WriteIfAbsent(asked.text("value"), 0)
              : found(answer);
      case "replace" ->
          answer.flag("done") ? wish(asked) : new KeyOperation.NotReplaced(asked.text("expected"));
      case "remove" -> answer.flag("done") ? new KeyOperation.Removed() : new KeyOperation.Absent();
      default -> throw asked.wrong("unknown call '" + asked.text("call") + "'");
    };
  }

  private static KeyOperation found(Line answer) throws MalformedRecordingException {
    return answer.flag("found")
        ? new KeyOperation.Read(answer.text("value"), answer.number("version"))
        : new KeyOperation.Absent();
  }

  /** What a write does if it takes effect. */
  private static KeyOperation wish(Line asked) throws MalformedRecordingException {
    return switch (asked.text("call")) {
      case "put" -> new KeyOperation.Write(asked.text("value"), 0);
      case "putIfAbsent" -> new KeyOperation.WriteIfAbsent(asked.text("value"), 0);
      case "replace" -> new KeyOperation.Replaced(asked.text("expected"), asked.text("value"), 0);
      case "remove" -> new KeyOperation.Removed();
      default -> throw asked.wrong("unknown call '" + asked.text("call") + "'");
    };
  }

  private static String text(Line asked, Optional<Line> answer) throws MalformedRecordingException {
    StringBuilder text = new StringBuilder(asked.text("call"));
    add(text, asked, "value", "expected", "epoch");
    text.append(" -> ");
    if (answer.isEmpty()) {
      return text.append("no outcome").toString();
    }
    text.append(answer.get().text("kind"));
    if (answer.get().text("kind").equals("ok")) {
      add(text, answer.get(), "done", "found", "version");
      if (answer.get().has("found") && answer.get().flag("found")) {
        add(text, answer.get(), "value");
      }
    } else {
      add(text, answer.get(), "fenced", "why");
    }
    return text.toString();
  }

  private static void add(StringBuilder text, Line line, String... names) {
    for (String name : names) {
      if (line.has(name)) {
        text.append(' ').append(name).append('=').append(line.fields().get(name));
      }
    }
  }
}
