package io.nsm.samples.flights;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A small versioned text: a first line {@code kind version}, then lines {@code name=value}. Used
 * for what is saved or shared, so that a person can read it and a later version can tell it apart.
 */
public final class Fields {

  private final String kind;
  private final Map<String, String> values;

  private Fields(String kind, Map<String, String> values) {
    this.kind = kind;
    this.values = values;
  }

  /**
   * Writes a text.
   *
   * @param kind what it is and in which version, for example {@code importer 1}
   * @param lines {@code name=value} each
   */
  public static byte[] write(String kind, List<String> lines) {
    return (kind + "\n" + String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** Reads a text of exactly this kind and version. */
  public static Fields read(String kind, byte[] bytes) {
    List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
    if (lines.isEmpty() || !lines.get(0).equals(kind)) {
      throw new IllegalArgumentException(
          "expected '" + kind + "', found '" + (lines.isEmpty() ? "" : lines.get(0)) + "'");
    }
    Map<String, String> values = new HashMap<>();
    for (String line : lines.subList(1, lines.size())) {
      int equals = line.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException(kind + ": not name=value: '" + line + "'");
      }
      values.put(line.substring(0, equals), line.substring(equals + 1));
    }
    return new Fields(kind, values);
  }

  public String text(String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException(kind + ": no field '" + name + "'");
    }
    return value;
  }

  public long number(String name) {
    return Long.parseLong(text(name));
  }

  public boolean flag(String name) {
    return Boolean.parseBoolean(text(name));
  }
}
