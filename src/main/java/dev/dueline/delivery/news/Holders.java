package dev.dueline.delivery.news;

import dev.dueline.job.lease.LeaseToken;
import dev.dueline.store.Announcements;
import dev.dueline.store.news.LeaseEnd;
import dev.dueline.store.news.WatcherNews;
import io.smallrye.mutiny.subscription.Cancellable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.IntToLongFunction;

/**
 * The replicas that hold watchers, which are told what becomes of leases and watches: this replica
 * at once, another by an announcement, which may be lost. Any thread.
 */
public final class Holders {
  private final long replica;
  private final Announcements announcements;
  private volatile Consumer<List<WatcherNews>> listener = news -> {};

  /** Nobody listens yet. */
  public Holders(long replica, Announcements announcements) {
    this.replica = replica;
    this.announcements = announcements;
  }

  /**
   * Hears news of this replica's watchers, from here or elsewhere, in place of who listened before.
   * Any thread.
   *
   * @return ends what is heard from other replicas
   */
  public Cancellable listen(Consumer<List<WatcherNews>> next) {
    listener = next;
    return announcements.watcherNews(replica).subscribe().with(next);
  }

  /** Tells one replica. */
  public void tell(long holder, List<WatcherNews> news) {
    if (holder == replica) {
      listener.accept(news);
    } else {
      announcements.tell(holder, news).subscribe().with(told -> {});
    }
  }

  /** These leases are over, whoever had them. */
  public void ended(List<LeaseToken> leases, LeaseEnd how) {
    tellEach(leases, i -> new WatcherNews.Ended(leases.get(i), how));
  }

  /**
   * Those who hold these leases asked to have them extended.
   *
   * @param leaseMs for each, by how much from now they were; 0: it was lost
   */
  public void extended(List<LeaseToken> leases, IntToLongFunction leaseMs) {
    tellEach(leases, i -> new WatcherNews.Extended(leases.get(i), leaseMs.applyAsLong(i)));
  }

  private void tellEach(List<LeaseToken> leases, IntFunction<WatcherNews> news) {
    Map<Long, List<WatcherNews>> byReplica = new HashMap<>();
    for (int i = 0; i < leases.size(); i++) {
      byReplica
          .computeIfAbsent(leases.get(i).lease().leaseId().replica(), id -> new ArrayList<>())
          .add(news.apply(i));
    }
    byReplica.forEach(this::tell);
  }
}
