package dev.dueline.store.redis.layout;

import static dev.dueline.store.redis.layout.RecordLayout.CREATED_AT;
import static dev.dueline.store.redis.layout.RecordLayout.DUE_AT;
import static dev.dueline.store.redis.layout.RecordLayout.FLAGS_AT;
import static dev.dueline.store.redis.layout.RecordLayout.GIVEN_AT;
import static dev.dueline.store.redis.layout.RecordLayout.HAS_ATTRIBUTES;
import static dev.dueline.store.redis.layout.RecordLayout.HAS_POLICY;
import static dev.dueline.store.redis.layout.RecordLayout.HAS_SERIES;
import static dev.dueline.store.redis.layout.RecordLayout.HAS_TRACE;
import static dev.dueline.store.redis.layout.RecordLayout.HAS_TTL;
import static dev.dueline.store.redis.layout.RecordLayout.IS_DELAY;
import static dev.dueline.store.redis.layout.RecordLayout.IS_DUE_BY_RULE;
import static dev.dueline.store.redis.layout.RecordLayout.SECTIONS_AT;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The beginning of a record, for people who look at one; the rest is what {@link RecordCodec}
 * reads.
 *
 * @param layout the number of its layout; all else holds for {@link RecordLayout#NUMBER} alone
 * @param flags what it has
 * @param givenMs the due time, or the delay, as given
 */
public record RecordHeader(int layout, long dueMs, long createdMs, int flags, long givenMs) {
  private static final Map<Integer, String> NAMES =
      Map.of(
          IS_DELAY, "delay",
          IS_DUE_BY_RULE, "due_by_rule",
          HAS_TTL, "ttl",
          HAS_SERIES, "series",
          HAS_TRACE, "trace",
          HAS_POLICY, "policy",
          HAS_ATTRIBUTES, "attributes");

  /** Reads the beginning of a record; empty: it is cut short. */
  public static Optional<RecordHeader> read(byte[] record) {
    if (record.length < SECTIONS_AT) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(record);
    return Optional.of(
        new RecordHeader(
            in.get() & 0xFF,
            RecordLayout.readMs(in.position(DUE_AT)),
            RecordLayout.readMs(in.position(CREATED_AT)),
            in.get(FLAGS_AT) & 0xFF,
            RecordLayout.readMs(in.position(GIVEN_AT))));
  }

  /** The names of what it has, in the order of the flags. */
  public List<String> flagNames() {
    List<String> names = new ArrayList<>();
    for (int flag = 1; flag <= flags; flag <<= 1) {
      if (has(flag)) {
        names.add(NAMES.getOrDefault(flag, "unknown"));
      }
    }
    return names;
  }

  /** Whether what was given is a delay, and no time. */
  public boolean isDelay() {
    return has(IS_DELAY);
  }

  /** Whether it recurs. */
  public boolean hasSeries() {
    return has(HAS_SERIES);
  }

  /** Whether it has a retry policy of its own. */
  public boolean hasPolicy() {
    return has(HAS_POLICY);
  }

  private boolean has(int flag) {
    return (flags & flag) != 0;
  }
}
