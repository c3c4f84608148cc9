package dev.dueline.store.redis.script;

import dev.dueline.job.Coded;
import dev.dueline.job.JobId;
import dev.dueline.job.lease.LeaseId;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.store.due.Claim;
import dev.dueline.store.failure.StoreReplyException;
import dev.dueline.store.redis.layout.IdCodec;
import io.vertx.mutiny.redis.client.Response;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads a script's reply from front to back; the first number is the store's clock. */
public final class Reply {
  /** Most bytes of records in one reply: far below what a client takes in one message (4 MiB). */
  public static final int MAX_RECORD_BYTES = 1 << 20;

  private final Response response;
  private final long nowUs;
  private int next;
  private int leftOut;

  /**
   * Reads the clock.
   *
   * @param movedMs by how much that was moved while the script was under way
   */
  public Reply(Response response, long movedMs) {
    this.response = response;
    this.nowUs = number() + movedMs * 1_000;
  }

  /**
   * The store's clock when the script ran, microseconds; where it was moved meanwhile, what it
   * would have told then by the clock that is now.
   */
  public long nowUs() {
    return nowUs;
  }

  /** The same in milliseconds. */
  public long nowMs() {
    return nowUs / 1000;
  }

  /** Whether anything is left to read. */
  public boolean hasMore() {
    return next < response.size();
  }

  /** A number. */
  public long number() {
    return element().toLong();
  }

  /** 1: true. */
  public boolean flag() {
    return number() == 1;
  }

  /** A time; {@link Claim#NONE} where the script says that there is none, -1. */
  public long timeMs() {
    long ms = number();
    return ms < 0 ? Claim.NONE : ms;
  }

  /** The value of a code. */
  public <E extends Coded> E code(E[] values) {
    return code(values, number());
  }

  /** The same, or null for 0. */
  public <E extends Coded> @Nullable E codeOrNull(E[] values) {
    long code = number();
    return code == 0 ? null : code(values, code);
  }

  private static <E extends Coded> E code(E[] values, long code) {
    try {
      return Coded.of(values, code);
    } catch (IllegalArgumentException e) {
      throw new StoreReplyException("a reply with an unknown code", e);
    }
  }

  /** The value of a code; empty, 0: the job that was named is over, and is to be ended first. */
  public <E extends Coded> Optional<E> codeUnlessOver(E[] values) {
    long code = number();
    return code == 0 ? Optional.empty() : Optional.of(code(values, code));
  }

  /** Bytes as they are. */
  public byte[] bytes() {
    return element().toBuffer().getDelegate().getBytes();
  }

  /** A text in UTF-8. */
  public String text() {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  /** A packed id. */
  public JobId jobId() {
    return IdCodec.unpack(bytes());
  }

  /** A packed id of a row that is left out where nobody can read it. */
  public Optional<JobId> jobIdIfReadable() {
    byte[] id = bytes();
    return ifReadable(() -> IdCodec.unpack(id));
  }

  /** The id of a job, then that of its lease, of a row that is left out where they are none. */
  public Optional<LeaseRef> leaseIfReadable() {
    byte[] id = bytes();
    byte[] lease = bytes();
    return ifReadable(() -> new LeaseRef(IdCodec.unpack(id), LeaseId.of(ByteBuffer.wrap(lease))));
  }

  private <T> Optional<T> ifReadable(Supplier<T> part) {
    try {
      return Optional.of(part.get());
    } catch (StoreReplyException | BufferUnderflowException e) {
      leaveOut();
      return Optional.empty();
    }
  }

  /** A row cannot be read, and concerns no other. */
  public void leaveOut() {
    leftOut++;
  }

  /** How many rows were left out so far. */
  public int leftOut() {
    return leftOut;
  }

  /** All that is left, row by row, but for those that are left out. */
  public <T> List<T> readableRows(Supplier<Optional<T>> row) {
    return rows(row).stream().flatMap(Optional::stream).toList();
  }

  /** All that is left, row by row. */
  public <T> List<T> rows(Supplier<T> row) {
    List<T> rows = new ArrayList<>();
    while (hasMore()) {
      rows.add(row.get());
    }
    return rows;
  }

  private Response element() {
    if (next >= response.size()) {
      throw new StoreReplyException("a reply that is too short", null);
    }
    return response.get(next++);
  }
}
