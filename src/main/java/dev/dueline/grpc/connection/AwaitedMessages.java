package dev.dueline.grpc.connection;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Calls of one connection whose message has not arrived yet, the longest waiting first: a list
 * linked through the calls, so that a call costs no allocation and leaves in constant time. On the
 * connection's event loop only.
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

  void add(CallAccount call) {
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

  void remove(CallAccount call) {
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

  private void check() {
    long now = System.nanoTime();
    CallAccount call = first;
    while (call != null && now - call.awaitedSinceNanos >= timeoutNanos) {
      remove(call);
      call.timedOut();
      call = first;
    }
    isChecking = first != null;
    if (isChecking) {
      checkLater();
    }
  }
}
