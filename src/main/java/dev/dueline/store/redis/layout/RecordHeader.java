package dev.dueline.store.redis.layout;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The beginning of a record, for people who look at one; the rest is what {@link RecordCodec}
 * reads.
 *
 * @param layout the number of its layout
 * @param givenMs the due time, or the delay, as given
 * @param flags the names of what it has
 */
public record RecordHeader(
    int layout, long dueMs, long createdMs, long givenMs, List<String> flags) {
  private static final List<String> FLAGS =
      List.of("delay", "due_by_rule", "ttl", "series", "trace", "policy", "attributes", "unknown");

  /**
   * Reads the beginning of a record.
   *
   * @throws BufferUnderflowException if it is cut short
   */
  public static RecordHeader of(byte[] record) {
    ByteBuffer in = ByteBuffer.wrap(record);
    int layout = in.get() & 0xFF;
    long dueMs = RecordLayout.readMs(in);
    long createdMs = RecordLayout.readMs(in);
    int flags = in.get() & 0xFF;
    long givenMs = RecordLayout.readMs(in);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < FLAGS.size(); i++) {
      if ((flags & 1 << i) != 0) {
        names.add(FLAGS.get(i));
      }
    }
    return new RecordHeader(layout, dueMs, createdMs, givenMs, List.copyOf(names));
  }

  /** Whether what was given is a delay, and no time. */
  public boolean isDelay() {
    return flags.contains(FLAGS.get(0));
  }
}
