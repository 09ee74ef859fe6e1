package io.nsm.process.link;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes one frame: its header, then fields; big-endian, texts and bytes after their length. */
final class BodyWriter {
  private byte[] bytes;
  private ByteBuffer buffer;

  BodyWriter(byte kind, long correlation, int expectedBody) {
    bytes = new byte[4 + LinkLimits.HEADER + expectedBody];
    buffer = ByteBuffer.wrap(bytes);
    buffer.putInt(0).put(LinkLimits.VERSION).put(kind).putLong(correlation);
  }

  BodyWriter number(long value) {
    room(8).putLong(value);
    return this;
  }

  BodyWriter small(int value) {
    room(1).put((byte) value);
    return this;
  }

  BodyWriter count(int value) {
    room(4).putInt(value);
    return this;
  }

  BodyWriter time(HostTime time) {
    return number(time.monotonicNanos()).number(time.bootMillis());
  }

  BodyWriter bytes(String what, byte[] value, int limit) {
    if (value.length > limit) {
      throw new IllegalArgumentException(
          what + " has " + value.length + " bytes, more than the " + limit + " allowed");
    }
    room(4 + value.length).putInt(value.length).put(value);
    return this;
  }

  BodyWriter text(String what, String value, int limit) {
    return bytes(what, value.getBytes(StandardCharsets.UTF_8), limit);
  }

  /** Cuts what is too long for a reason, between two characters. */
  BodyWriter reason(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(utf8.length, LinkLimits.MAX_REASON);
    while (length < utf8.length && (utf8[length] & 0xC0) == 0x80) {
      length--;
    }
    room(4 + length).putInt(length).put(utf8, 0, length);
    return this;
  }

  /** The whole frame with its length, ready to be sent. */
  ByteBuffer frame() {
    int size = buffer.position();
    if (size - 4 > LinkLimits.MAX_FRAME) {
      throw new IllegalArgumentException(
          "a frame of " + size + " bytes is larger than the " + LinkLimits.MAX_FRAME + " allowed");
    }
    buffer.putInt(0, size - 4);
    return ByteBuffer.wrap(bytes, 0, size);
  }

  private ByteBuffer room(int more) {
    if (buffer.remaining() < more) {
      int size = buffer.position();
      byte[] larger = new byte[Math.max(bytes.length * 2, size + more)];
      System.arraycopy(bytes, 0, larger, 0, size);
      bytes = larger;
      buffer = ByteBuffer.wrap(bytes).position(size);
    }
    return buffer;
  }
}
