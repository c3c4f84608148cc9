package dev.dueline.store;

import dev.dueline.job.Shard;
import dev.dueline.store.news.WatcherNews;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.List;

/**
 * News between replicas. A hint, never a promise: any of it may be lost, late or doubled, and the
 * receiver must come right without it.
 */
public interface Announcements {
  /**
   * What happens to the head of a shard, from now on; ends only when it is canceled. Begins with
   * {@link HeadNews.Listening}, and says so again after every gap.
   */
  Multi<HeadNews> heads(Shard shard);

  /**
   * What other replicas tell this one of watchers; ends only when canceled. Begins with {@link
   * WatcherNews.Listening}, and says so again after every gap.
   */
  Multi<List<WatcherNews>> watcherNews(long replica);

  /** Tells a replica of watchers. Never fails. */
  Uni<Void> tell(long replica, List<WatcherNews> news);

  /**
   * Asks each server of the store for its time, and to send this replica a message. One that does
   * not come through shows that news is lost: the subscriptions are made anew, and all of them say
   * that they begin. Without servers that do not answer; never fails.
   */
  Uni<List<Beat>> beat(long replica);

  /**
   * What a server answers.
   *
   * @param group names what it holds, whichever server does
   * @param server where it is
   * @param nowUs its clock, us
   */
  record Beat(String group, String server, long nowUs) {}

  /** News of one shard's head. */
  sealed interface HeadNews {
    /** Whatever was announced before this may have been missed. */
    record Listening() implements HeadNews {}

    /** A job due at this time became the head. */
    record Announced(long dueMs) implements HeadNews {}
  }
}
