package io.nsm.supervisor.channel.jgroups;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * One message between two hosts: kind (1 byte), correlation (8), length of the service's name (1),
 * the name, and the body up to the end.
 */
record Frame(Kind kind, long correlation, String service, byte[] body) {

  /** What a frame is for. */
  enum Kind {
    SEND,
    ASK,
    ANSWER,
    REFUSAL
  }

  /** The largest body; larger things are cut up by whoever sends them. */
  static final int MAX_BODY = 9 << 20;

  private static final int HEAD = 1 + Long.BYTES + 1;
  private static final Kind[] KINDS = Kind.values();

  Frame {
    if (body.length > MAX_BODY) {
      throw new IllegalArgumentException(
          "a message of "
              + body.length
              + " bytes to service '"
              + service
              + "'; at most "
              + MAX_BODY);
    }
  }

  static Frame refusal(long correlation, String reason) {
    return new Frame(Kind.REFUSAL, correlation, "", reason.getBytes(StandardCharsets.UTF_8));
  }

  byte[] encode() {
    byte[] name = service.getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(HEAD + name.length + body.length)
        .put((byte) kind.ordinal())
        .putLong(correlation)
        .put((byte) name.length)
        .put(name)
        .put(body)
        .array();
  }

  /** Empty when the bytes are no frame, as from another version. */
  static Optional<Frame> decode(byte[] bytes, int offset, int length) {
    ByteBuffer in = ByteBuffer.wrap(bytes, offset, length);
    if (length < HEAD) {
      return Optional.empty();
    }
    int kind = in.get();
    long correlation = in.getLong();
    int nameLength = in.get();
    if (kind < 0 || kind >= KINDS.length || nameLength < 0 || nameLength > in.remaining()) {
      return Optional.empty();
    }
    byte[] name = new byte[nameLength];
    in.get(name);
    byte[] body = new byte[in.remaining()];
    in.get(body);
    return Optional.of(
        new Frame(KINDS[kind], correlation, new String(name, StandardCharsets.US_ASCII), body));
  }
}
