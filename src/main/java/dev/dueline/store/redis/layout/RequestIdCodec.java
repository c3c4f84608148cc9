package dev.dueline.store.redis.layout;

import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.NewJob;
import dev.dueline.store.call.CancelItem;
import dev.dueline.store.call.RequestId;
import dev.dueline.store.call.ScheduleItem;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * How a request is known again: by its name, from its own id and that of its job, and by a
 * fingerprint of all that it says. Both are the beginning of a SHA-256: nobody finds two requests
 * of one name, and a name fills the smallest allocation of Redis that could hold it. A cancel needs
 * no fingerprint: what was canceled is, whatever else the request said.
 */
public final class RequestIdCodec {
  static final int NAME_BYTES = 14;
  private static final int FINGERPRINT_BYTES = 8;
  private static final byte[] NONE = {};

  /** Stands between the ids, since these have no control characters. */
  private static final byte OF_SCHEDULE = 0;

  private static final byte OF_CANCEL = 1;

  private RequestIdCodec() {}

  /**
   * Name and fingerprint; empty where the request has no id.
   *
   * @param encoded the job of the request as {@link RecordCodec#encode} gives it
   */
  public static byte[] encode(ScheduleItem item, byte[] encoded) {
    RequestId requestId = item.requestId();
    if (requestId == null) {
      return NONE;
    }
    byte[] name = name(item.job().id(), OF_SCHEDULE, requestId);
    MessageDigest digest = sha256();
    digest.update((byte) item.onConflict().code());
    byte[] fingerprint = digest.digest(asGiven(item.job(), encoded));
    return ByteBuffer.allocate(NAME_BYTES + FINGERPRINT_BYTES)
        .put(name)
        .put(fingerprint, 0, FINGERPRINT_BYTES)
        .array();
  }

  /** The name alone; empty where the request has no id. */
  public static byte[] encode(CancelItem item) {
    RequestId requestId = item.requestId();
    return requestId == null ? NONE : name(item.id(), OF_CANCEL, requestId);
  }

  private static byte[] name(JobId jobId, byte kind, RequestId requestId) {
    MessageDigest digest = sha256();
    digest.update(jobId.bytes());
    digest.update(kind);
    return Arrays.copyOf(digest.digest(requestId.bytes()), NAME_BYTES);
  }

  /** Without what differs from one repetition to the next: its trace, and what its rule put in. */
  private static byte[] asGiven(NewJob job, byte[] encoded) {
    boolean isByRule = job.due() instanceof Due.ByRule;
    if (!isByRule && job.trace() == null) {
      return encoded;
    }
    return RecordCodec.encode((isByRule ? job.withDue(new Due.ByRule(0)) : job).in(null));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
