package dev.dueline.operation;

import dev.dueline.job.LeaseToken;
import dev.dueline.job.Shard;
import dev.dueline.store.Announcements;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.List;

/** Announcements where there is no other replica. */
public final class NoReplicas implements Announcements {
  @Override
  public Multi<HeadNews> heads(Shard shard) {
    return Multi.createFrom().nothing();
  }

  @Override
  public Multi<List<LeaseToken>> endedLeases(long replica) {
    return Multi.createFrom().nothing();
  }

  @Override
  public Uni<Void> tellEnded(long replica, List<LeaseToken> leases) {
    return Uni.createFrom().voidItem();
  }

  @Override
  public Uni<List<Beat>> beat(long replica) {
    return Uni.createFrom().item(List.of());
  }
}
