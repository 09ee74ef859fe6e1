package io.nsm.process.link;

import java.nio.ByteBuffer;
import java.util.OptionalLong;

/** What a process says to its agent. Epochs are never negative; 0 is before the first. */
public sealed interface ToAgent {

  /** Must handle every message. */
  interface Cases {
    void hello(Hello hello);

    void ready(Ready ready);

    void activated(Activated activated);

    void deactivated(Deactivated deactivated);

    void heartbeat(Heartbeat heartbeat);

    void save(Save save);

    void map(MapCall call);

    void completed(Completed completed);

    void failed(Failed failed);
  }

  void match(Cases cases);

  /** The frame, with its length. */
  default ByteBuffer frame() {
    return ToAgentFrames.encode(this);
  }

  /**
   * Reads a frame.
   *
   * @param frame what followed the length
   */
  static ToAgent read(ByteBuffer frame) throws MalformedFrameException {
    return ToAgentFrames.decode(frame);
  }

  /**
   * The first message of every connection.
   *
   * @param epoch the greatest one it was told to act in, entered or not; 0 if there was none
   */
  record Hello(String token, String run, long pid, long epoch) implements ToAgent {
    @Override
    public void match(Cases cases) {
      cases.hello(this);
    }

    /** Without the token: messages are logged. */
    @Override
    public String toString() {
      return "Hello[run=" + run + ", pid=" + pid + ", epoch=" + epoch + "]";
    }
  }

  /** {@code start} returned. */
  record Ready() implements ToAgent {
    @Override
    public void match(Cases cases) {
      cases.ready(this);
    }
  }

  /** {@code activate} is being entered. */
  record Activated(long epoch) implements ToAgent {
    @Override
    public void match(Cases cases) {
      cases.activated(this);
    }
  }

  /** Nothing of this epoch happens any more, or ever will. */
  record Deactivated(long epoch) implements ToAgent {
    @Override
    public void match(Cases cases) {
      cases.deactivated(this);
    }
  }

  /** The process lives. */
  record Heartbeat() implements ToAgent {
    @Override
    public void match(Cases cases) {
      cases.heartbeat(this);
    }
  }

  /** Asks to save; said again under the same correlation if the link broke before the answer. */
  record Save(long correlation, long epoch, long sequence, byte[] state) implements ToAgent {
    @Override
    public void match(Cases cases) {
      cases.save(this);
    }
  }

  /** What to do with a shared map; the codes are those of the wire. */
  enum Operation {
    GET(1),
    LIST(2),
    PUT(3),
    PUT_IF_ABSENT(4),
    REPLACE(5),
    REMOVE(6);

    final int code;

    Operation(int code) {
      this.code = code;
    }
  }

  /**
   * One operation on a shared map.
   *
   * @param key the key; for LIST the prefix of keys
   * @param version for REPLACE the version to replace; else 0
   * @param value for PUT, PUT_IF_ABSENT and REPLACE; else empty
   * @param fence the epoch under which a write is made, if it is fenced
   */
  record MapCall(
      long correlation,
      Operation operation,
      String map,
      String key,
      long version,
      byte[] value,
      OptionalLong fence)
      implements ToAgent {
    @Override
    public void match(Cases cases) {
      cases.map(this);
    }
  }

  /** The work of a one-shot process is complete; the process ends. */
  record Completed() implements ToAgent {
    @Override
    public void match(Cases cases) {
      cases.completed(this);
    }
  }

  /** The process ends with an error. */
  record Failed(String reason) implements ToAgent {
    @Override
    public void match(Cases cases) {
      cases.failed(this);
    }
  }
}
