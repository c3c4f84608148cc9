package dev.dueline.delivery.lease;

import dev.dueline.job.LeaseToken;
import dev.dueline.store.Announcements;
import io.smallrye.mutiny.subscription.Cancellable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Tells of leases that ended the replica that holds their watchers, so that these have their credit
 * back: this replica at once, another by an announcement, which may be lost. Any thread.
 */
public final class EndedLeases {
  private final long replica;
  private final Announcements announcements;
  private volatile Consumer<List<LeaseToken>> listener = leases -> {};

  /** Nobody listens yet. */
  public EndedLeases(long replica, Announcements announcements) {
    this.replica = replica;
    this.announcements = announcements;
  }

  /**
   * Hears of leases of this replica's watchers that ended, here or elsewhere, in place of who
   * listened before. Any thread.
   *
   * @return ends what is heard from other replicas
   */
  public Cancellable listen(Consumer<List<LeaseToken>> next) {
    listener = next;
    return announcements.endedLeases(replica).subscribe().with(next);
  }

  /** These leases are over, whoever had them. */
  void tell(List<LeaseToken> leases) {
    Map<Long, List<LeaseToken>> byReplica = new HashMap<>();
    for (LeaseToken token : leases) {
      byReplica
          .computeIfAbsent(token.lease().leaseId().replica(), id -> new ArrayList<>())
          .add(token);
    }
    byReplica.forEach(
        (holder, tokens) -> {
          if (holder == replica) {
            listener.accept(tokens);
          } else {
            announcements.tellEnded(holder, tokens).subscribe().with(told -> {});
          }
        });
  }
}
