package dev.dueline.grpc.tls;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that peers have sent in TLS handshakes that are not over, beyond what most take: long
 * messages, such as certificates of clients, are kept whole until then. One address has half of
 * them at most. Thread-safe.
 */
public final class HandshakeBytes {
  /** Of a handshake, which count for nothing. */
  static final int FREE = 4 << 10;

  private final @Nullable HandshakeBytes all;
  private final long most;
  private final AtomicLong held = new AtomicLong();

  /** None yet, and so many at most. */
  public HandshakeBytes(long most) {
    this(null, most);
  }

  private HandshakeBytes(@Nullable HandshakeBytes all, long most) {
    this.all = all;
    this.most = most;
  }

  /** Those of one address among these. */
  public HandshakeBytes ofAddress() {
    return new HandshakeBytes(this, most / 2);
  }

  /** Whether so many more may be held, which they are then. */
  boolean hold(long bytes) {
    boolean isHeld = held.addAndGet(bytes) <= most && (all == null || all.hold(bytes));
    if (!isHeld) {
      held.addAndGet(-bytes);
    }
    return isHeld;
  }

  void release(long bytes) {
    held.addAndGet(-bytes);
    if (all != null) {
      all.release(bytes);
    }
  }
}
