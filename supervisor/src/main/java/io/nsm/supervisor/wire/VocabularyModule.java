package io.nsm.supervisor.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.nsm.supervisor.model.Digest;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.HostId;
import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.Incarnation;
import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.model.RunId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;

/** Writes the small types of the vocabulary as the one string or number that they hold. */
final class VocabularyModule extends SimpleModule {
  private static final long serialVersionUID = 1L;

  VocabularyModule() {
    text(ProcessName.class, ProcessName::name, ProcessName::new);
    text(HostName.class, HostName::name, HostName::new);
    text(HostId.class, HostId::id, HostId::new);
    text(Incarnation.class, Incarnation::id, Incarnation::new);
    text(InstanceId.class, InstanceId::toString, InstanceId::parse);
    text(RunId.class, RunId::toString, RunId::parse);
    text(Digest.class, Digest::hex, Digest::new);
    text(Duration.class, Duration::toString, Duration::parse);
    text(Instant.class, Instant::toString, Instant::parse);
    addSerializer(
        Epoch.class,
        new JsonSerializer<>() {
          @Override
          public void serialize(Epoch epoch, JsonGenerator out, SerializerProvider provider)
              throws IOException {
            out.writeNumber(epoch.number());
          }
        });
    addDeserializer(
        Epoch.class,
        new JsonDeserializer<>() {
          @Override
          public Epoch deserialize(JsonParser in, DeserializationContext context)
              throws IOException {
            return new Epoch(in.getLongValue());
          }
        });
  }

  private <T> void text(Class<T> type, Function<T, String> write, Function<String, T> read) {
    addSerializer(
        type,
        new JsonSerializer<>() {
          @Override
          public void serialize(T value, JsonGenerator out, SerializerProvider provider)
              throws IOException {
            out.writeString(write.apply(value));
          }
        });
    addKeySerializer(
        type,
        new JsonSerializer<>() {
          @Override
          public void serialize(T value, JsonGenerator out, SerializerProvider provider)
              throws IOException {
            out.writeFieldName(write.apply(value));
          }
        });
    addDeserializer(
        type,
        new JsonDeserializer<>() {
          @Override
          public T deserialize(JsonParser in, DeserializationContext context) throws IOException {
            return parse(in.getText(), type, read, in);
          }
        });
    addKeyDeserializer(
        type,
        new KeyDeserializer() {
          @Override
          public Object deserializeKey(String key, DeserializationContext context)
              throws IOException {
            return parse(key, type, read, context.getParser());
          }
        });
  }

  private static <T> T parse(String text, Class<T> type, Function<String, T> read, JsonParser in)
      throws InvalidFormatException {
    try {
      return read.apply(text);
    } catch (RuntimeException invalid) {
      throw new InvalidFormatException(in, String.valueOf(invalid.getMessage()), text, type);
    }
  }
}
