package io.nsm.supervisor.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;

/**
 * Writes and reads values as JSON: records by their components, names and numbers of the vocabulary
 * as plain strings and numbers, durations as ISO 8601, instants as RFC 3339, bytes as base64, and
 * records of a sealed interface with a {@code kind}: their simple name, first letter small.
 *
 * <p>A key that a reader does not know is skipped, so that a newer writer can add some; a {@code
 * kind} that it does not know is an error, as it cannot be acted on.
 */
public final class Json {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .addModule(new VocabularyModule())
          .annotationIntrospector(new SealedKinds())
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .configure(JsonNodeFeature.WRITE_PROPERTIES_SORTED, true)
          .build();
  private static final ObjectWriter PRETTY = MAPPER.writerWithDefaultPrettyPrinter();

  private Json() {}

  /** The compact JSON of a value, in UTF-8. */
  public static byte[] bytes(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException bug) {
      throw new IllegalStateException("cannot be written as JSON: " + value.getClass(), bug);
    }
  }

  /** The JSON of a value for people, over several lines. */
  public static String pretty(Object value) {
    try {
      return PRETTY.writeValueAsString(value);
    } catch (JsonProcessingException bug) {
      throw new IllegalStateException("cannot be written as JSON: " + value.getClass(), bug);
    }
  }

  /**
   * Reads a value.
   *
   * @throws MalformedException if the bytes are not the JSON of such a value
   */
  public static <T> T read(byte[] bytes, Class<T> type) throws MalformedException {
    try {
      T value = MAPPER.readValue(bytes, type);
      if (value == null) {
        throw new MalformedException("null where " + type.getSimpleName() + " was expected", null);
      }
      return value;
    } catch (IOException malformed) {
      throw new MalformedException(
          "not the JSON of " + type.getSimpleName() + ": " + malformed.getMessage(), malformed);
    }
  }

  /**
   * Reads what this project wrote itself, where anything else is a bug or a damaged store.
   *
   * @throws IllegalStateException if the bytes are not the JSON of such a value
   */
  public static <T> T readOwn(byte[] bytes, Class<T> type) {
    try {
      return read(bytes, type);
    } catch (MalformedException bug) {
      throw new IllegalStateException(bug.getMessage(), bug);
    }
  }

  /** A copy of the mapper, for callers that stream. */
  public static ObjectMapper mapper() {
    return MAPPER.copy();
  }
}
