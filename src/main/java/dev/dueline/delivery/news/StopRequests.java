package dev.dueline.delivery.news;

import dev.dueline.delivery.context.DeliveryContext;
import dev.dueline.store.news.StopOutcome;
import dev.dueline.store.news.WatchToken;
import dev.dueline.store.news.WatcherNews;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Requests to stop watches of other replicas, each until it is answered or times out, each until it
 * is answered.
 */
public final class StopRequests {
  /** A replica that lives answers within milliseconds; whoever asks is often about to end. */
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  private final Holders holders;
  private final DeliveryContext context;
  private final Map<Long, UniEmitter<? super StopOutcome>> asked = new HashMap<>();
  private long lastQuestion;

  /** Nobody was asked yet. */
  public StopRequests(Holders holders, DeliveryContext context) {
    this.holders = holders;
    this.context = context;
  }

  /** Asks the replica that holds the watch. */
  public Uni<StopOutcome> ask(WatchToken watch, Duration timeout) {
    return Uni.createFrom()
        .emitter(
            emitter -> {
              long question = ++lastQuestion;
              asked.put(question, emitter);
              context.loop().schedule(TIMEOUT, () -> complete(question, StopOutcome.UNANSWERED));
              holders.tell(
                  watch.replica(),
                  List.of(
                      new WatcherNews.Stop(
                          watch, timeout.toMillis(), context.replica(), question)));
            });
  }

  /** Another replica has answered. */
  public void answered(WatcherNews.Stopped answer) {
    complete(answer.question(), answer.isStopping() ? StopOutcome.STOPPING : StopOutcome.OVER);
  }

  /** Answers another replica. */
  public void answer(WatcherNews.Stop asked, StopOutcome outcome) {
    boolean isStopping = outcome == StopOutcome.STOPPING;
    holders.tell(asked.asker(), List.of(new WatcherNews.Stopped(asked.question(), isStopping)));
  }

  private void complete(long question, StopOutcome outcome) {
    UniEmitter<? super StopOutcome> emitter = asked.remove(question);
    if (emitter != null) {
      emitter.complete(outcome);
    }
  }
}
