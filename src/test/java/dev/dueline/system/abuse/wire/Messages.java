package dev.dueline.system.abuse.wire;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;

/** Messages that cost more than they look like, as they stand on the wire: with gRPC's 5 bytes. */
public final class Messages {
  /** The largest message that the service takes unless told otherwise. */
  public static final int LARGEST = 4 << 20;

  private static final int PREFIX = 5;

  private Messages() {}

  /** A message as it is. */
  public static byte[] of(byte[] content) {
    return framed(0, content);
  }

  /** The same of what is to be written. */
  public static byte[] of(MessageLite content) {
    return of(content.toByteArray());
  }

  /** One that says that it has so many bytes, and has all of zeros but the last. */
  public static byte[] incomplete(int declared) {
    return Arrays.copyOf(framed(0, new byte[declared]), PREFIX + declared - 1);
  }

  /** As many unknown fields of different numbers as there is space for. */
  public static byte[] unknownFields(int size) {
    return written(
        size,
        (out, i) -> {
          out.writeUInt64(1_000 + i, 0);
        });
  }

  /** One text. */
  public static byte[] text(int field, int size) {
    return written(
        size,
        (out, i) -> {
          if (i == 0) {
            out.writeByteArray(field, "n".repeat(size - 10).getBytes(StandardCharsets.US_ASCII));
          } else {
            out.writeUInt64(1_000, 0);
          }
        });
  }

  /** A field of 0 bytes as often as there is space: 2 million times in the largest message. */
  public static byte[] empties(int field, int size) {
    return written(size, (out, i) -> out.writeByteArray(field, new byte[0]));
  }

  /** A field of two letters as often as there is space. */
  public static byte[] shortTexts(int field, int size) {
    byte[] text = {'x', 'y'};
    return written(size, (out, i) -> out.writeByteArray(field, text));
  }

  /** Groups that nobody knows, one in another; never ended. */
  public static byte[] nestedGroups(int size) {
    return written(size, (out, i) -> out.writeTag(15, 3));
  }

  /** Groups that nobody knows, one after another. */
  public static byte[] groups(int size) {
    return written(
        size,
        (out, i) -> {
          out.writeTag(15, 3);
          out.writeTag(15, 4);
        });
  }

  /** That many zeros, compressed. */
  public static byte[] compressed(byte[] content, int times) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      for (int i = 0; i < times; i++) {
        gzip.write(content);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return framed(1, bytes.toByteArray());
  }

  private static byte[] framed(int flags, byte[] content) {
    return ByteBuffer.allocate(PREFIX + content.length)
        .put((byte) flags)
        .putInt(content.length)
        .put(content)
        .array();
  }

  private static byte[] written(int size, Step step) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(size);
    CodedOutputStream out = CodedOutputStream.newInstance(bytes, 256);
    try {
      // The longest step, but for the text, is 10 bytes.
      for (int i = 0; out.getTotalBytesWritten() <= size - 10; i++) {
        step.write(out, i);
      }
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return of(bytes.toByteArray());
  }

  /** Writes one field. */
  private interface Step {
    void write(CodedOutputStream out, int index) throws IOException;
  }
}
