package io.nsm.supervisor.ledger.raft;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What came of handing a command to one leader once.
 *
 * @param content the answer of the state machine, or the reason as UTF-8
 */
record Attempt(Kind kind, byte[] content) {

  /** How far the command came. */
  enum Kind {
    APPLIED,
    NOT_APPENDED,
    PERHAPS
  }

  private static final Kind[] KINDS = Kind.values();

  static Attempt applied(byte[] answer) {
    return new Attempt(Kind.APPLIED, answer);
  }

  static Attempt notAppended(String reason) {
    return new Attempt(Kind.NOT_APPENDED, reason.getBytes(StandardCharsets.UTF_8));
  }

  static Attempt perhaps(String reason) {
    return new Attempt(Kind.PERHAPS, reason.getBytes(StandardCharsets.UTF_8));
  }

  String reason() {
    return new String(content, StandardCharsets.UTF_8);
  }

  byte[] encode() {
    return ByteBuffer.allocate(1 + content.length).put((byte) kind.ordinal()).put(content).array();
  }

  static Attempt decode(byte[] bytes) {
    if (bytes.length == 0 || bytes[0] < 0 || bytes[0] >= KINDS.length) {
      return perhaps("the leader's answer is not understood");
    }
    byte[] content = new byte[bytes.length - 1];
    System.arraycopy(bytes, 1, content, 0, content.length);
    return new Attempt(KINDS[bytes[0]], content);
  }
}
