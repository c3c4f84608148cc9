package dev.dueline.operation;

import dev.dueline.delivery.news.WatcherSurvey;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.LeaseToken;
import dev.dueline.operation.queue.WatcherList;
import dev.dueline.store.Announcements;
import dev.dueline.store.news.WatcherNews;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;

/** Announcements where there is no other replica. */
public final class NoReplicas implements Announcements {
  /** Nobody watches anything. */
  public static final WatcherList.Source NO_WATCHERS =
      (first, from, size) ->
          Uni.createFrom().item(new WatcherSurvey.Page(List.of(), List.of(), Optional.empty()));

  /** The leases that are over, by news of them. */
  public static List<LeaseToken> ended(List<WatcherNews> news) {
    return news.stream()
        .filter(WatcherNews.Ended.class::isInstance)
        .map(each -> ((WatcherNews.Ended) each).lease())
        .toList();
  }

  @Override
  public Multi<HeadNews> heads(Shard shard) {
    return Multi.createFrom().nothing();
  }

  @Override
  public Multi<List<WatcherNews>> watcherNews(long replica) {
    return Multi.createFrom().nothing();
  }

  @Override
  public Uni<Void> tell(long replica, List<WatcherNews> news) {
    return Uni.createFrom().voidItem();
  }

  @Override
  public Uni<List<Beat>> beat(long replica) {
    return Uni.createFrom().item(List.of());
  }
}
