package io.nsm.agent.chaos;

import java.util.StringJoiner;

/** Flat JSON objects, one a line, written without any library: the recorded processes have none. */
final class JsonLine {
  private JsonLine() {}

  /**
   * One object.
   *
   * @param pairs names and values by turns; numbers and booleans stand as they are, all else is
   *     quoted
   */
  static String of(Object... pairs) {
    StringJoiner line = new StringJoiner(",", "{", "}");
    for (int i = 0; i + 1 < pairs.length; i += 2) {
      line.add(quoted(pairs[i]) + ":" + value(pairs[i + 1]));
    }
    return line.toString();
  }

  private static String value(Object value) {
    return value instanceof Number || value instanceof Boolean ? value.toString() : quoted(value);
  }

  /** A list of strings. */
  static String list(Iterable<String> values) {
    StringJoiner list = new StringJoiner(",", "[", "]");
    values.forEach(value -> list.add(quoted(value)));
    return list.toString();
  }

  private static String quoted(Object value) {
    StringBuilder text = new StringBuilder("\"");
    for (char c : value.toString().toCharArray()) {
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ') {
        text.append(String.format("\\u%04x", (int) c));
      } else {
        text.append(c);
      }
    }
    return text.append('"').toString();
  }
}
