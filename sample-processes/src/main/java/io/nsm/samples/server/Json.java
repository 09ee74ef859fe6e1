package io.nsm.samples.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes JSON: texts, numbers, truth values, lists, optionals (absent: null), and objects. */
final class Json {

  private final Map<String, Object> members = new LinkedHashMap<>();

  /** Adds a member; members are written in the order in which they were added. */
  Json with(String name, Object value) {
    members.put(name, value);
    return this;
  }

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    write(out, this);
    return out.toString();
  }

  private static void write(StringBuilder out, Object value) {
    if (value instanceof Json object) {
      out.append('{');
      String separator = "";
      for (Map.Entry<String, Object> member : object.members.entrySet()) {
        out.append(separator);
        writeText(out, member.getKey());
        out.append(':');
        write(out, member.getValue());
        separator = ",";
      }
      out.append('}');
    } else if (value instanceof List<?> list) {
      out.append('[');
      String separator = "";
      for (Object element : list) {
        out.append(separator);
        write(out, element);
        separator = ",";
      }
      out.append(']');
    } else if (value instanceof Optional<?> optional) {
      if (optional.isPresent()) {
        write(out, optional.get());
      } else {
        out.append("null");
      }
    } else if (value instanceof Number || value instanceof Boolean) {
      out.append(value);
    } else if (value instanceof String text) {
      writeText(out, text);
    } else {
      throw new IllegalArgumentException("not for JSON: " + value.getClass());
    }
  }

  private static void writeText(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
