package dev.dueline.system.abuse.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Frames in the making, to be sent at once. Nothing is checked. Not thread-safe. */
public final class Frames {
  private static final byte[] NOTHING = {};

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** One more frame. */
  public Frames add(int type, int flags, int stream, byte[] payload) {
    return add(type, flags, stream, payload, 0, payload.length);
  }

  /** One more frame without a payload. */
  public Frames add(int type, int flags, int stream) {
    return add(type, flags, stream, NOTHING);
  }

  Frames add(int type, int flags, int stream, byte[] payload, int from, int length) {
    bytes.write(length >>> 16);
    bytes.write(length >>> 8);
    bytes.write(length);
    bytes.write(type);
    bytes.write(flags);
    bytes.writeBytes(number(stream));
    bytes.write(payload, from, length);
    return this;
  }

  /** The frame as often as it takes to fill about 64 KiB. */
  public static byte[] repeated(int type, int flags, int stream, byte[] payload) {
    Frames frames = new Frames();
    while (frames.bytes.size() < 64 << 10) {
      frames.add(type, flags, stream, payload);
    }
    return frames.toBytes();
  }

  public byte[] toBytes() {
    return bytes.toByteArray();
  }

  /** Four bytes, as frames have their numbers. */
  public static byte[] number(int number) {
    return ByteBuffer.allocate(4).putInt(number).array();
  }
}
