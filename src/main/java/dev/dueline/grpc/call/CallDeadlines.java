package dev.dueline.grpc.call;

import dev.dueline.store.call.Deadline;
import io.grpc.Context;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** By when callers want their answers. */
public final class CallDeadlines {
  /** Assumed of a call without a deadline: its caller gives up some time, and nobody knows when. */
  private static final Duration UNSAID = Duration.ofSeconds(5);

  private CallDeadlines() {}

  /** The deadline of the call that the current thread begins; {@link #UNSAID} where it has none. */
  public static Deadline current() {
    Context call = Context.current();
    return said(call).orElseGet(() -> Deadline.in(UNSAID, call::isCancelled));
  }

  /** The same; where it has none, only a cancel ends it. */
  public static Deadline currentOrNone() {
    Context call = Context.current();
    return said(call).orElseGet(() -> new Deadline(Long.MAX_VALUE, call::isCancelled));
  }

  private static Optional<Deadline> said(Context call) {
    return Optional.ofNullable(call.getDeadline())
        .map(said -> Duration.ofNanos(said.timeRemaining(TimeUnit.NANOSECONDS)))
        .map(left -> Deadline.in(left, call::isCancelled));
  }
}
