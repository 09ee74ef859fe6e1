package io.nsm.supervisor.grid.quorum;

import io.nsm.supervisor.model.HostName;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Bytes that hosts of one grid send each other or keep on disk. */
final class Frame {
  /** Of one frame; what is larger is sent in several. */
  static final int MAX_BYTES = 1 << 20;

  private Frame() {}

  /** Writes the fields of a frame. */
  interface Writer {
    void write(DataOutputStream out) throws IOException;
  }

  /** Reads the fields of a frame. */
  interface Reader<T> {
    T read(DataInputStream in) throws IOException;
  }

  static byte[] of(Writer writer) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try {
      writer.write(new DataOutputStream(bytes));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  static <T> T read(byte[] frame, Reader<T> reader) {
    try {
      return reader.read(new DataInputStream(new ByteArrayInputStream(frame)));
    } catch (IOException e) {
      throw new IllegalArgumentException("a frame of " + frame.length + " bytes is cut short", e);
    }
  }

  static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  static byte[] readBytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new IOException("a field of " + length + " bytes in " + in.available());
    }
    return in.readNBytes(length);
  }

  static void writeOptional(DataOutputStream out, Optional<byte[]> bytes) throws IOException {
    out.writeBoolean(bytes.isPresent());
    if (bytes.isPresent()) {
      writeBytes(out, bytes.get());
    }
  }

  static Optional<byte[]> readOptional(DataInputStream in) throws IOException {
    return in.readBoolean() ? Optional.of(readBytes(in)) : Optional.empty();
  }

  static void writeChanges(DataOutputStream out, List<Change> changes) throws IOException {
    out.writeInt(changes.size());
    for (Change change : changes) {
      out.writeUTF(change.key());
      out.writeLong(change.version());
      writeOptional(out, change.value());
    }
  }

  static List<Change> readChanges(DataInputStream in) throws IOException {
    int count = in.readInt();
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      changes.add(new Change(in.readUTF(), in.readLong(), readOptional(in)));
    }
    return changes;
  }

  static void writeStrings(DataOutputStream out, List<String> strings) throws IOException {
    out.writeInt(strings.size());
    for (String string : strings) {
      out.writeUTF(string);
    }
  }

  static List<String> readStrings(DataInputStream in) throws IOException {
    int count = in.readInt();
    List<String> strings = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      strings.add(in.readUTF());
    }
    return strings;
  }

  static void writeStanding(DataOutputStream out, Standing standing) throws IOException {
    out.writeLong(standing.promised());
    out.writeLong(standing.active());
    out.writeBoolean(standing.installed());
    writeStrings(out, standing.members().stream().map(HostName::name).sorted().toList());
  }

  static Standing readStanding(DataInputStream in) throws IOException {
    long promised = in.readLong();
    long active = in.readLong();
    boolean installed = in.readBoolean();
    Set<HostName> members = new HashSet<>();
    for (String name : readStrings(in)) {
      members.add(new HostName(name));
    }
    return new Standing(promised, active, installed, members);
  }
}
