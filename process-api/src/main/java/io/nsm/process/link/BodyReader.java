package io.nsm.process.link;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads the fields of one frame; trusts no length. */
final class BodyReader {
  private final ByteBuffer body;
  private final byte kind;
  private final long correlation;

  /**
   * @param frame what followed the length
   */
  BodyReader(ByteBuffer frame) throws MalformedFrameException {
    body = frame;
    if (frame.remaining() < LinkLimits.HEADER) {
      throw new MalformedFrameException(
          "a frame of " + frame.remaining() + " bytes has no room for its header");
    }
    byte version = frame.get();
    if (version != LinkLimits.VERSION) {
      throw new MalformedFrameException(
          "a frame of version " + version + "; this end speaks version " + LinkLimits.VERSION);
    }
    kind = frame.get();
    correlation = frame.getLong();
  }

  byte kind() {
    return kind;
  }

  long correlation() {
    return correlation;
  }

  long number(String what) throws MalformedFrameException {
    need(what, 8);
    return body.getLong();
  }

  /** A number that counts or names something, and so is not negative. */
  long natural(String what) throws MalformedFrameException {
    long value = number(what);
    if (value < 0) {
      throw new MalformedFrameException(what + " is negative: " + value);
    }
    return value;
  }

  int small(String what) throws MalformedFrameException {
    need(what, 1);
    return body.get();
  }

  boolean flag(String what) throws MalformedFrameException {
    int value = small(what);
    if (value != 0 && value != 1) {
      throw new MalformedFrameException(what + " must be 0 or 1, not " + value);
    }
    return value == 1;
  }

  int count(String what, int limit) throws MalformedFrameException {
    need(what, 4);
    int value = body.getInt();
    if (value < 0 || value > limit) {
      throw new MalformedFrameException(
          what + ": " + Integer.toUnsignedString(value) + ", more than the " + limit + " allowed");
    }
    return value;
  }

  HostTime time(String what) throws MalformedFrameException {
    return new HostTime(number(what), number(what));
  }

  byte[] bytes(String what, int limit) throws MalformedFrameException {
    int length = count("the length of " + what, limit);
    need(what, length);
    byte[] value = new byte[length];
    body.get(value);
    return value;
  }

  String text(String what, int limit) throws MalformedFrameException {
    byte[] utf8 = bytes(what, limit);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedFrameException(what + " is not UTF-8");
    }
  }

  /** Returns the message, if nothing is left that it does not know of. */
  <T> T whole(T message) throws MalformedFrameException {
    if (body.hasRemaining()) {
      throw new MalformedFrameException(
          message.getClass().getSimpleName()
              + ": "
              + body.remaining()
              + " bytes more than it should have");
    }
    return message;
  }

  MalformedFrameException unknownKind() {
    return new MalformedFrameException("a frame of the unknown kind " + kind);
  }

  private void need(String what, int bytes) throws MalformedFrameException {
    if (body.remaining() < bytes) {
      throw new MalformedFrameException(
          "the frame ends within " + what + ": " + body.remaining() + " bytes left of " + bytes);
    }
  }
}
