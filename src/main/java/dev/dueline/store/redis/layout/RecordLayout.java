package dev.dueline.store.redis.layout;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The constants of the layout of records, see the table of the package, and its kinds of fields.
 */
public final class RecordLayout {
  /** The number of the layout that this version writes. Scripts get it from here. */
  public static final int NUMBER = 3;

  static final int DUE_AT = 1;
  static final int CREATED_AT = 7;

  /** From here on a record is the request as it was given. */
  static final int FLAGS_AT = 13;

  static final int GIVEN_AT = 14;
  static final int SECTIONS_AT = 20;

  static final int IS_DELAY = 1;
  static final int IS_DUE_BY_RULE = 2;
  static final int HAS_TTL = 4;
  static final int HAS_SERIES = 8;
  static final int HAS_TRACE = 16;
  static final int HAS_POLICY = 32;
  static final int HAS_ATTRIBUTES = 64;

  /** A length of more bytes than one says so: this, and then 4 bytes. */
  static final int LONG_LENGTH = 255;

  /** Completed, died and missed runs, at the beginning of a series. */
  static final int RUNS_BYTES = 18;

  static final int MS_BYTES = 6;

  private RecordLayout() {}

  /** Bytes that a section, or a text, takes with its length. */
  static int sizeOf(byte[] content) {
    return (content.length < LONG_LENGTH ? 1 : 1 + Integer.BYTES) + content.length;
  }

  /** Writes a section, or a text, behind its length. */
  static void write(ByteBuffer out, byte[] content) {
    if (content.length < LONG_LENGTH) {
      out.put((byte) content.length);
    } else {
      out.put((byte) LONG_LENGTH).putInt(content.length);
    }
    out.put(content);
  }

  /**
   * Reads a length, and the bytes behind it.
   *
   * @throws BufferUnderflowException if they are cut short
   */
  static ByteBuffer read(ByteBuffer in) {
    int length = in.get() & 0xFF;
    if (length == LONG_LENGTH) {
      length = in.getInt();
    }
    if (length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    ByteBuffer content = in.slice(in.position(), length);
    in.position(in.position() + length);
    return content;
  }

  static String readText(ByteBuffer in) {
    return StandardCharsets.UTF_8.decode(read(in)).toString();
  }

  static void writeMs(ByteBuffer out, long ms) {
    out.putShort((short) (ms >>> Integer.SIZE)).putInt((int) ms);
  }

  static long readMs(ByteBuffer in) {
    return ((long) (in.getShort() & 0xFFFF) << Integer.SIZE) | (in.getInt() & 0xFFFFFFFFL);
  }

  /** A number without zeros in front: 1 to 6 bytes. */
  static byte[] shortMs(long ms) {
    int size = Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(ms) + 7) / Byte.SIZE);
    byte[] bytes = new byte[size];
    for (int i = size - 1; i >= 0; i--) {
      bytes[i] = (byte) (ms >>> Byte.SIZE * (size - 1 - i));
    }
    return bytes;
  }

  static long readShortMs(ByteBuffer in) {
    if (!in.hasRemaining() || in.remaining() > MS_BYTES) {
      throw new BufferUnderflowException();
    }
    long ms = 0;
    while (in.hasRemaining()) {
      ms = ms << Byte.SIZE | in.get() & 0xFF;
    }
    return ms;
  }
}
