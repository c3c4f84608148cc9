package dev.dueline.delivery.news;

import dev.dueline.delivery.context.DeliveryContext;
import dev.dueline.store.news.StopOutcome;
import dev.dueline.store.news.WatchToken;
import dev.dueline.store.news.WatcherNews;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;

/** Requests to stop watches of other replicas. On the loop. */
public final class StopRequests {
  private final Holders holders;
  private final DeliveryContext context;
  private final Questions<StopOutcome> questions;

  /** Nobody was asked yet. */
  public StopRequests(Holders holders, DeliveryContext context) {
    this.holders = holders;
    this.context = context;
    this.questions = new Questions<>(context.loop(), StopOutcome.UNANSWERED);
  }

  /** Asks the replica that holds the watch. */
  public Uni<StopOutcome> ask(WatchToken watch, Duration timeout) {
    return questions.ask(
        question ->
            holders.tell(
                watch.replica(),
                List.of(
                    new WatcherNews.Stop(watch, timeout.toMillis(), context.replica(), question))));
  }

  /** Another replica has answered. */
  public void answered(WatcherNews.Stopped answer) {
    questions.answered(
        answer.question(), answer.isStopping() ? StopOutcome.STOPPING : StopOutcome.OVER);
  }

  /** Answers another replica. */
  public void answer(WatcherNews.Stop asked, StopOutcome outcome) {
    boolean isStopping = outcome == StopOutcome.STOPPING;
    holders.tell(asked.asker(), List.of(new WatcherNews.Stopped(asked.question(), isStopping)));
  }
}
