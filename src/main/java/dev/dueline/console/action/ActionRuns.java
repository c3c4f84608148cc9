package dev.dueline.console.action;

import dev.dueline.console.http.Answer;
import dev.dueline.console.http.Endpoint;
import dev.dueline.console.http.RefusedException;
import dev.dueline.console.http.Request;
import dev.dueline.console.text.Notice;
import dev.dueline.operation.queue.IndivisibleLimitsException;
import dev.dueline.operation.queue.QueueNotEmptyException;
import dev.dueline.operation.queue.QueueRefusedException;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The actions that are being carried out, up to a number: each to its end, whether its page waits
 * for that or not. Any thread.
 */
final class ActionRuns {
  private static final int MAX = 32;
  private static final int BAD_REQUEST = 400;

  private final Duration wait;
  private final AtomicInteger underWay = new AtomicInteger();

  /**
   * None is being carried out.
   *
   * @param wait after which a page no longer waits, and says that its action goes on
   */
  ActionRuns(Duration wait) {
    this.wait = wait;
  }

  /** The action, begun with each request and never canceled. */
  Endpoint of(Endpoint action) {
    return request -> begin(action, request);
  }

  private Uni<Answer> begin(Endpoint action, Request request) {
    Uni<Answer> run =
        underWay.incrementAndGet() > MAX
            ? Uni.createFrom()
                .failure(
                    new RefusedException(
                        503, "Too many actions are under way.", "Wait until some are over."))
            : Uni.createFrom().deferred(() -> action.answer(request));
    Uni<Answer> shared =
        run.onItemOrFailure()
            .invoke((answer, failure) -> log(request, answer, failure))
            .onTermination()
            .invoke(underWay::decrementAndGet)
            .memoize()
            .indefinitely();
    // A subscriber that stays: the page that leaves must not be the last one.
    var unused = shared.subscribe().with(done -> {}, failure -> {});
    return shared
        .ifNoItem()
        .after(wait)
        .recoverWithItem(() -> Answer.seeOther(Notice.GOES_ON.on("/", 0)));
  }

  /** What became of an action, whoever waits for it; each says itself what it did. */
  private static void log(Request request, @Nullable Answer answer, @Nullable Throwable failure) {
    if (failure != null) {
      if (isRefusal(failure)) {
        ActionLog.writeRefused(request, String.valueOf(failure.getMessage()));
      } else {
        ActionLog.writeFailed(request, failure);
      }
    } else if (answer != null && answer.status() >= BAD_REQUEST) {
      ActionLog.writeRefused(request, "the form came again, with what is wrong with it");
    }
  }

  /** Whether nothing was done. */
  private static boolean isRefusal(Throwable failure) {
    return failure instanceof RefusedException
        || failure instanceof QueueRefusedException
        || failure instanceof QueueNotEmptyException
        || failure instanceof IndivisibleLimitsException;
  }
}
