package dev.dueline.store.redis.layout;

import dev.dueline.job.JobId;
import dev.dueline.store.failure.StoreReplyException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * How ids stand in Redis: ASCII in 7 bits a character; from the first other character on, behind an
 * escape, in the bytes of UTF-8. Every id stands in Redis twice, and the eighth that this takes off
 * moves one of 16 characters into the smallest allocation: 32 B less a job, see docs/benchmarks.md.
 * Packed ids are in the order of UTF-8, and no two are alike.
 */
public final class IdCodec {
  private static final int ASCII_BITS = 7;

  /** DEL: a control character, which no id has, behind all that ids have in ASCII. */
  private static final int ESCAPE = 0x7F;

  private IdCodec() {}

  public static byte[] pack(JobId id) {
    byte[] text = id.value().getBytes(StandardCharsets.UTF_8);
    BitWriter out = new BitWriter(text.length + 1);
    int width = ASCII_BITS;
    for (byte each : text) {
      if (each < 0 && width == ASCII_BITS) {
        out.write(ESCAPE, width);
        width = Byte.SIZE;
      }
      out.write(each & 0xFF, width);
    }
    return out.bytes();
  }

  /** Throws {@link StoreReplyException} if these bytes are no packed id. */
  public static JobId unpack(byte[] packed) {
    byte[] text = new byte[packed.length * Byte.SIZE / ASCII_BITS];
    int length = 0;
    int width = ASCII_BITS;
    // What is left in the last byte, if it is a whole character, is 0, which no id has.
    for (int bit = 0; bit + width <= packed.length * Byte.SIZE; ) {
      int code = read(packed, bit, width);
      bit += width;
      if (code == ESCAPE && width == ASCII_BITS) {
        width = Byte.SIZE;
      } else if (code != 0) {
        text[length++] = (byte) code;
      }
    }
    try {
      return new JobId(new String(Arrays.copyOf(text, length), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw new StoreReplyException("an id that cannot be read", e);
    }
  }

  private static int read(byte[] bytes, int bit, int width) {
    int at = bit / Byte.SIZE;
    int pair = (bytes[at] & 0xFF) << Byte.SIZE | (at + 1 < bytes.length ? bytes[at + 1] & 0xFF : 0);
    return pair >>> (2 * Byte.SIZE - bit % Byte.SIZE - width) & ((1 << width) - 1);
  }

  /** Appends bits, the highest first; the last byte is filled with zeros. */
  private static final class BitWriter {
    private final byte[] bytes;
    private int length;

    BitWriter(int maxBytes) {
      bytes = new byte[maxBytes];
    }

    void write(int code, int width) {
      int at = length / Byte.SIZE;
      int shifted = code << (2 * Byte.SIZE - length % Byte.SIZE - width);
      bytes[at] |= (byte) (shifted >>> Byte.SIZE);
      if (at + 1 < bytes.length) {
        bytes[at + 1] |= (byte) shifted;
      }
      length += width;
    }

    byte[] bytes() {
      return Arrays.copyOf(bytes, (length + Byte.SIZE - 1) / Byte.SIZE);
    }
  }
}
