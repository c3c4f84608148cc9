package dev.dueline.grpc.call;

import dev.dueline.store.call.Deadline;
import io.grpc.Context;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** By when callers want their answers. */
public final class CallDeadlines {
  /** A call without a deadline: nobody can know when its caller gives up, but such do. */
  private static final Duration UNSAID = Duration.ofSeconds(5);

  private CallDeadlines() {}

  /** The deadline of the call that the current thread begins; {@link #UNSAID} where it has none. */
  public static Deadline current() {
    Context call = Context.current();
    io.grpc.Deadline said = call.getDeadline();
    return Deadline.in(
        said == null ? UNSAID : Duration.ofNanos(said.timeRemaining(TimeUnit.NANOSECONDS)),
        call::isCancelled);
  }
}
