package io.nsm.process.link;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** What an agent says to a process. */
public sealed interface ToProcess {

  /** Must handle every message. */
  interface Cases {
    void welcome(Welcome welcome);

    void refused(Refused refused);

    void activate(Activate activate);

    void extend(Extend extend);

    void deactivate(Deactivate deactivate);

    void stop(Stop stop);

    void saveAnswered(SaveAnswered answer);

    void mapAnswered(MapAnswered answer);
  }

  void match(Cases cases);

  /** The frame, with its length. */
  default ByteBuffer frame() {
    return ToProcessFrames.encode(this);
  }

  /**
   * Reads a frame.
   *
   * @param frame what followed the length
   */
  static ToProcess read(ByteBuffer frame) throws MalformedFrameException {
    return ToProcessFrames.decode(frame);
  }

  /** The process is known; everything else follows this. */
  record Welcome() implements ToProcess {
    @Override
    public void match(Cases cases) {
      cases.welcome(this);
    }
  }

  /** The connection is not accepted; it is closed after this. */
  record Refused(String reason) implements ToProcess {
    @Override
    public void match(Cases cases) {
      cases.refused(this);
    }
  }

  /** A saved checkpoint. */
  record Saved(long epoch, long sequence, byte[] state) {}

  /** The process is to act in an epoch until the deadline. */
  record Activate(long epoch, HostTime deadline, Optional<Saved> checkpoint) implements ToProcess {
    @Override
    public void match(Cases cases) {
      cases.activate(this);
    }
  }

  /** The process may act in its epoch until this deadline. */
  record Extend(long epoch, HostTime deadline) implements ToProcess {
    @Override
    public void match(Cases cases) {
      cases.extend(this);
    }
  }

  /** The process is to stop acting in an epoch. */
  record Deactivate(long epoch) implements ToProcess {
    @Override
    public void match(Cases cases) {
      cases.deactivate(this);
    }
  }

  /** The process is to end in order. */
  record Stop() implements ToProcess {
    @Override
    public void match(Cases cases) {
      cases.stop(this);
    }
  }

  /** What a save came to; the codes are those of the wire. */
  enum SaveResult {
    SAVED(1),
    TERM_ENDED(2),
    UNKNOWN(3);

    final int code;

    SaveResult(int code) {
      this.code = code;
    }
  }

  /** The answer to a save. */
  record SaveAnswered(long correlation, SaveResult result) implements ToProcess {
    @Override
    public void match(Cases cases) {
      cases.saveAnswered(this);
    }
  }

  /** An entry of a shared map. */
  record MapEntry(String key, byte[] value, long version) {}

  /** What an operation on a shared map came to; the codes are those of the wire. */
  enum MapStatus {
    /** A read: its entries. */
    ENTRIES(1),
    /** A write that took place: its version. */
    WRITTEN(2),
    /** A write whose condition did not hold: the entry that is there, if one is. */
    REFUSED(3),
    /** A write with a stale epoch: the newest one as the version. */
    FENCED(4),
    /** Not known, and why. */
    UNKNOWN(5);

    final int code;

    MapStatus(int code) {
      this.code = code;
    }
  }

  /**
   * The answer to an operation on a shared map.
   *
   * @param number for WRITTEN the new version, for FENCED the newest epoch; else 0
   * @param entries for ENTRIES and REFUSED; else none
   * @param reason for UNKNOWN; else empty
   */
  record MapAnswered(
      long correlation, MapStatus status, long number, List<MapEntry> entries, String reason)
      implements ToProcess {
    public MapAnswered {
      entries = List.copyOf(entries);
    }

    @Override
    public void match(Cases cases) {
      cases.mapAnswered(this);
    }
  }
}
