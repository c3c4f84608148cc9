package dev.dueline.grpc.connection;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Calls of one connection whose request has not ended yet, the longest waiting first: a list linked
 * through the calls, so that a call costs no allocation and leaves in constant time. On the
 * connection's event loop, but for {@link #drop}.
 */
final class AwaitedMessages {
  /** How often in the time for a message it is looked after. */
  private static final int CHECKS = 8;

  private final EventLoop loop;
  private final long timeoutNanos;
  private @Nullable CallAccount first;
  private @Nullable CallAccount last;
  private boolean isChecking;

  AwaitedMessages(EventLoop loop, Duration timeout) {
    this.loop = loop;
    this.timeoutNanos = timeout.toNanos();
  }

  synchronized void add(CallAccount call) {
    call.awaitedSinceNanos = System.nanoTime();
    call.isAwaited = true;
    call.previous = last;
    if (last == null) {
      first = call;
    } else {
      last.next = call;
    }
    last = call;
    if (!isChecking) {
      isChecking = true;
      checkLater();
    }
  }

  synchronized void remove(CallAccount call) {
    if (!call.isAwaited) {
      return;
    }
    call.isAwaited = false;
    if (call.previous == null) {
      first = call.next;
    } else {
      call.previous.next = call.next;
    }
    if (call.next == null) {
      last = call.previous;
    } else {
      call.next.previous = call.previous;
    }
    call.previous = null;
    call.next = null;
  }

  private void checkLater() {
    var unused = loop.schedule(this::check, timeoutNanos / CHECKS, TimeUnit.NANOSECONDS);
  }

  /** What has come of all of their requests is kept no longer. Any thread. */
  synchronized void drop() {
    for (CallAccount call = first; call != null; call = call.next) {
      call.drop();
    }
  }

  private void check() {
    long now = System.nanoTime();
    CallAccount call = first(now);
    while (call != null) {
      call.timedOut();
      call = first(now);
    }
    checkAgain();
  }

  /** Takes out the first that has waited too long, if there is one. */
  private synchronized @Nullable CallAccount first(long now) {
    CallAccount call = first;
    if (call == null || now - call.awaitedSinceNanos < timeoutNanos) {
      return null;
    }
    remove(call);
    return call;
  }

  private synchronized void checkAgain() {
    isChecking = first != null;
    if (isChecking) {
      checkLater();
    }
  }
}
