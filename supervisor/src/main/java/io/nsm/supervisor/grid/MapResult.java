package io.nsm.supervisor.grid;

import io.nsm.supervisor.model.Epoch;
import java.util.List;

/** What an operation on a shared map came to. */
public sealed interface MapResult {

  /** Must handle every result. */
  interface Cases<R> {
    R entries(Entries entries);

    R written(Written written);

    R refused(Refused refused);

    R fenced(Fenced fenced);

    R unknown(Unknown unknown);
  }

  <R> R match(Cases<R> cases);

  /** An entry; the version changes with every write of its key and is never used twice for it. */
  record Entry(String key, byte[] value, long version) {}

  /** What was read: none or one for a get, any number for a listing. */
  record Entries(List<Entry> entries) implements MapResult {
    public Entries {
      entries = List.copyOf(entries);
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.entries(this);
    }
  }

  /** Written; the version is the new one (for a removal, 0). */
  record Written(long version) implements MapResult {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.written(this);
    }
  }

  /** The condition did not hold: the entry that is there, if one is. */
  record Refused(List<Entry> current) implements MapResult {
    public Refused {
      current = List.copyOf(current);
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.refused(this);
    }
  }

  /** The write carried an older epoch than this one. */
  record Fenced(Epoch newest) implements MapResult {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.fenced(this);
    }
  }

  /** A write may have taken place or not; a read was not answered. */
  record Unknown(String reason) implements MapResult {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.unknown(this);
    }
  }
}
