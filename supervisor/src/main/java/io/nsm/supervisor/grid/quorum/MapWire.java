package io.nsm.supervisor.grid.quorum;

import io.nsm.supervisor.grid.MapOperation;
import io.nsm.supervisor.grid.MapOperation.Fence;
import io.nsm.supervisor.grid.MapResult;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.ProcessName;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Operations and their results as bytes. */
final class MapWire {
  private MapWire() {}

  static void write(DataOutputStream out, MapOperation operation) throws IOException {
    Fields fields = operation.match(new Shape());
    out.writeByte(fields.kind());
    out.writeUTF(operation.map());
    out.writeUTF(fields.key());
    out.writeLong(fields.version());
    Frame.writeOptional(out, fields.value());
    out.writeBoolean(fields.fence().isPresent());
    if (fields.fence().isPresent()) {
      out.writeUTF(fields.fence().get().process().name());
      out.writeLong(fields.fence().get().epoch().number());
    }
  }

  static MapOperation readOperation(DataInputStream in) throws IOException {
    int kind = in.readByte();
    String map = in.readUTF();
    String key = in.readUTF();
    long version = in.readLong();
    byte[] value = Frame.readOptional(in).orElse(new byte[0]);
    Optional<Fence> fence =
        in.readBoolean()
            ? Optional.of(new Fence(new ProcessName(in.readUTF()), new Epoch(in.readLong())))
            : Optional.empty();
    return switch (kind) {
      case 0 -> new MapOperation.Get(map, key);
      case 1 -> new MapOperation.ListEntries(map, key);
      case 2 -> new MapOperation.Put(map, key, value, fence);
      case 3 -> new MapOperation.PutIfAbsent(map, key, value, fence);
      case 4 -> new MapOperation.Replace(map, key, version, value, fence);
      case 5 -> new MapOperation.Remove(map, key, fence);
      default -> throw new IOException("no operation has the number " + kind);
    };
  }

  static void write(DataOutputStream out, MapResult result) throws IOException {
    if (result instanceof MapResult.Entries entries) {
      out.writeByte(0);
      writeEntries(out, entries.entries());
    } else if (result instanceof MapResult.Written written) {
      out.writeByte(1);
      out.writeLong(written.version());
    } else if (result instanceof MapResult.Refused refused) {
      out.writeByte(2);
      writeEntries(out, refused.current());
    } else if (result instanceof MapResult.Fenced fenced) {
      out.writeByte(3);
      out.writeLong(fenced.newest().number());
    } else if (result instanceof MapResult.Unknown unknown) {
      out.writeByte(4);
      out.writeUTF(unknown.reason());
    } else {
      throw new IllegalStateException("no number for " + result);
    }
  }

  static MapResult readResult(DataInputStream in) throws IOException {
    int kind = in.readByte();
    return switch (kind) {
      case 0 -> new MapResult.Entries(readEntries(in));
      case 1 -> new MapResult.Written(in.readLong());
      case 2 -> new MapResult.Refused(readEntries(in));
      case 3 -> new MapResult.Fenced(new Epoch(in.readLong()));
      case 4 -> new MapResult.Unknown(in.readUTF());
      default -> throw new IOException("no result has the number " + kind);
    };
  }

  private static void writeEntries(DataOutputStream out, List<MapResult.Entry> entries)
      throws IOException {
    out.writeInt(entries.size());
    for (MapResult.Entry entry : entries) {
      out.writeUTF(entry.key());
      Frame.writeBytes(out, entry.value());
      out.writeLong(entry.version());
    }
  }

  private static List<MapResult.Entry> readEntries(DataInputStream in) throws IOException {
    int count = in.readInt();
    List<MapResult.Entry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      entries.add(new MapResult.Entry(in.readUTF(), Frame.readBytes(in), in.readLong()));
    }
    return entries;
  }

  private record Fields(
      int kind, String key, long version, Optional<byte[]> value, Optional<Fence> fence) {}

  private static final class Shape implements MapOperation.Cases<Fields> {
    @Override
    public Fields get(MapOperation.Get get) {
      return new Fields(0, get.key(), 0, Optional.empty(), Optional.empty());
    }

    @Override
    public Fields list(MapOperation.ListEntries list) {
      return new Fields(1, list.prefix(), 0, Optional.empty(), Optional.empty());
    }

    @Override
    public Fields put(MapOperation.Put put) {
      return new Fields(2, put.key(), 0, Optional.of(put.value()), put.fence());
    }

    @Override
    public Fields putIfAbsent(MapOperation.PutIfAbsent put) {
      return new Fields(3, put.key(), 0, Optional.of(put.value()), put.fence());
    }

    @Override
    public Fields replace(MapOperation.Replace replace) {
      return new Fields(
          4, replace.key(), replace.version(), Optional.of(replace.value()), replace.fence());
    }

    @Override
    public Fields remove(MapOperation.Remove remove) {
      return new Fields(5, remove.key(), 0, Optional.empty(), remove.fence());
    }
  }
}
