package dev.dueline.ops.traces;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Up to a number of spans in each second. Any thread. */
final class SpanRate {
  private static final int COUNT_BITS = 32;

  private final int most;
  private final LongSupplier nanos;

  /** The second in the upper half, how many it has had in the lower. */
  private final AtomicLong secondAndCount = new AtomicLong();

  SpanRate(int most, LongSupplier nanos) {
    this.most = most;
    this.nanos = nanos;
  }

  /** Takes one of this second's; false if it has had them all. */
  boolean take() {
    long second = TimeUnit.NANOSECONDS.toSeconds(nanos.getAsLong()) << COUNT_BITS;
    while (true) {
      long before = secondAndCount.get();
      boolean isSameSecond = before >>> COUNT_BITS == second >>> COUNT_BITS;
      long taken = isSameSecond ? before & 0xFFFF_FFFFL : 0;
      if (taken >= most) {
        return false;
      }
      if (secondAndCount.compareAndSet(before, second | taken + 1)) {
        return true;
      }
    }
  }
}
