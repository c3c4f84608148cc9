package dev.dueline.store.redis.topology;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A call that all share who want its result while it is under way or fresh, so that a crowd asks
 * once. Thread-safe.
 */
public final class SharedCall<T> {
  private final Supplier<Uni<T>> call;
  private final Duration pause;
  private @Nullable Uni<T> last;
  private boolean isUnderWay;
  private long startedNanos;

  /**
   * Nothing is called yet.
   *
   * @param pause from one call's start to the next one's, at least
   */
  public SharedCall(Duration pause, Supplier<Uni<T>> call) {
    this.call = call;
    this.pause = pause;
  }

  /** The result of the call under way, of one that began within the pause, or of a new one. */
  public Uni<T> get() {
    Uni<T> shared;
    synchronized (this) {
      if (last != null && (isUnderWay || System.nanoTime() - startedNanos < pause.toNanos())) {
        return last;
      }
      isUnderWay = true;
      startedNanos = System.nanoTime();
      shared =
          Uni.createFrom()
              .deferred(() -> call.get())
              .onTermination()
              .invoke(this::over)
              .memoize()
              .indefinitely();
      last = shared;
    }
    shared.subscribe().with(ignored -> {}, failure -> {});
    return shared;
  }

  /** Sees to it that the result will be fresh; whoever wants it asks later. */
  void soon() {
    get();
  }

  private synchronized void over() {
    isUnderWay = false;
  }
}
