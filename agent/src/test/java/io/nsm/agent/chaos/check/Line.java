package io.nsm.agent.chaos.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** One object of a recording, and where it stands. */
record Line(String where, Map<String, Object> fields) {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> FIELDS = new TypeReference<>() {};

  static Line parse(String where, String text) throws MalformedRecordingException {
    try {
      return new Line(where, MAPPER.readValue(text, FIELDS));
    } catch (JsonProcessingException e) {
      throw new MalformedRecordingException(where + ": not a JSON object: " + e.getMessage());
    }
  }

  boolean has(String name) {
    return fields.containsKey(name);
  }

  String text(String name) throws MalformedRecordingException {
    return value(name, String.class, "a string");
  }

  /** The text, or an empty one. */
  String textOrNone(String name) throws MalformedRecordingException {
    return has(name) ? text(name) : "";
  }

  long number(String name) throws MalformedRecordingException {
    return value(name, Number.class, "a number").longValue();
  }

  OptionalLong numberIfAny(String name) throws MalformedRecordingException {
    return has(name) ? OptionalLong.of(number(name)) : OptionalLong.empty();
  }

  boolean flag(String name) throws MalformedRecordingException {
    return value(name, Boolean.class, "true or false");
  }

  List<String> texts(String name) throws MalformedRecordingException {
    return value(name, List.class, "a list").stream().map(String::valueOf).toList();
  }

  List<Line> objects(String name) throws MalformedRecordingException {
    List<Line> objects = new ArrayList<>();
    for (Object object : value(name, List.class, "a list")) {
      objects.add(new Line(where + " " + name, MAPPER.convertValue(object, FIELDS)));
    }
    return objects;
  }

  MalformedRecordingException wrong(String what) {
    return new MalformedRecordingException(where + ": " + what);
  }

  private <T> T value(String name, Class<T> type, String expected)
      throws MalformedRecordingException {
    return Optional.ofNullable(fields.get(name))
        .filter(type::isInstance)
        .map(type::cast)
        .orElseThrow(() -> wrong("'" + name + "' is not " + expected + " in " + fields));
  }
}
