package dev.dueline.delivery.news;

import dev.dueline.delivery.time.EventLoop;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;

/** Questions to other replicas, each until it is answered or times out. On the loop. */
final class Questions<A> {
  /** A replica that lives answers within milliseconds; whoever asks is often about to end. */
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  private final EventLoop loop;
  private final A unanswered;
  private final Map<Long, UniEmitter<? super A>> asked = new HashMap<>();
  private long last;

  /**
   * None was asked yet.
   *
   * @param unanswered what is taken for the answer of who gives none
   */
  Questions(EventLoop loop, A unanswered) {
    this.loop = loop;
    this.unanswered = unanswered;
  }

  /** Asks; the question has a number, which its answer names. */
  Uni<A> ask(LongConsumer send) {
    return Uni.createFrom()
        .emitter(
            emitter -> {
              long question = ++last;
              asked.put(question, emitter);
              loop.schedule(TIMEOUT, () -> answered(question, unanswered));
              send.accept(question);
            });
  }

  /** An answer has come; one that is too late is dropped. */
  void answered(long question, A answer) {
    UniEmitter<? super A> emitter = asked.remove(question);
    if (emitter != null) {
      emitter.complete(answer);
    }
  }
}
