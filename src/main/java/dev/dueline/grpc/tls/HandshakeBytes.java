package dev.dueline.grpc.tls;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes that peers have sent in TLS handshakes that are not over, beyond what any sound one takes:
 * long messages, such as certificates of clients, are kept whole until then. Thread-safe.
 */
public final class HandshakeBytes {
  /** Of a handshake, which count for nothing. */
  static final int FREE = 4 << 10;

  private final long most;
  private final AtomicLong held = new AtomicLong();

  /** None yet, and so many at most. */
  public HandshakeBytes(long most) {
    this.most = most;
  }

  /** Whether so many more may be held, which they are then. */
  boolean hold(long bytes) {
    if (held.addAndGet(bytes) <= most) {
      return true;
    }
    held.addAndGet(-bytes);
    return false;
  }

  void release(long bytes) {
    held.addAndGet(-bytes);
  }
}
