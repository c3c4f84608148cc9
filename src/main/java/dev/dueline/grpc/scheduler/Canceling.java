package dev.dueline.grpc.scheduler;

import dev.dueline.delivery.lease.Leases;
import dev.dueline.job.JobId;
import dev.dueline.job.LeaseRef;
import dev.dueline.job.LeaseStamp;
import dev.dueline.job.LeaseToken;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.CancelItem;
import dev.dueline.store.Canceled;
import dev.dueline.store.JobStore;
import dev.dueline.store.QueueDirectory;
import dev.dueline.store.QueueLayout;
import dev.dueline.store.ShardCalls;
import dev.dueline.v1.BatchCancelRequest;
import dev.dueline.v1.BatchCancelResponse;
import dev.dueline.v1.CancelOutcome;
import dev.dueline.v1.CancelRequest;
import dev.dueline.v1.CancelResponse;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Cancel and BatchCancel. */
final class Canceling {
  private final JobChecks checks;
  private final QueueDirectory directory;
  private final JobStore store;
  private final Leases leases;

  Canceling(JobChecks checks, QueueDirectory directory, JobStore store, Leases leases) {
    this.checks = checks;
    this.directory = directory;
    this.store = store;
    this.leases = leases;
  }

  Uni<CancelResponse> cancel(CancelRequest request) {
    checks.cancel(request);
    return cancel(List.of(request))
        .map(outcomes -> CancelResponse.newBuilder().setOutcome(outcomes.get(0)).build());
  }

  Uni<BatchCancelResponse> batchCancel(BatchCancelRequest request) {
    checks.batchCancel(request.getRequestsList());
    return cancel(request.getRequestsList())
        .map(outcomes -> BatchCancelResponse.newBuilder().addAllOutcomes(outcomes).build());
  }

  private Uni<List<CancelOutcome>> cancel(List<CancelRequest> requests) {
    List<QueueName> queues =
        requests.stream().map(CancelRequest::getQueue).distinct().map(QueueName::new).toList();
    List<Uni<Optional<QueueLayout>>> searches = queues.stream().map(directory::find).toList();
    return Uni.join()
        .all(searches)
        .andFailFast()
        .chain(
            found -> {
              Map<String, QueueLayout> layouts = new HashMap<>();
              for (int i = 0; i < queues.size(); i++) {
                String name = queues.get(i).value();
                found.get(i).ifPresent(layout -> layouts.put(name, layout));
              }
              return cancel(requests, layouts);
            });
  }

  private Uni<List<CancelOutcome>> cancel(
      List<CancelRequest> requests, Map<String, QueueLayout> layouts) {
    List<CancelOutcome> outcomes =
        new ArrayList<>(
            Collections.nCopies(requests.size(), CancelOutcome.CANCEL_OUTCOME_NOT_FOUND));
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      CancelRequest request = requests.get(i);
      QueueLayout layout = layouts.get(request.getQueue());
      if (layout != null) {
        JobId id = new JobId(request.getJobId());
        CancelItem item = new CancelItem(id, request.getCancelLeased());
        items.add(new Item(i, layout.shardOf(id), item));
      }
    }
    return ShardCalls.perShard(items, Item::shard, this::cancel)
        .map(
            results -> {
              for (int i = 0; i < items.size(); i++) {
                outcomes.set(items.get(i).place, outcome(results.get(i)));
              }
              return outcomes;
            });
  }

  /** Cancels jobs of one shard; tells of leases that ended, whatever becomes of other shards. */
  private Uni<List<Canceled>> cancel(Shard shard, List<Item> items) {
    return store
        .cancel(shard, items.stream().map(Item::toCancel).toList())
        .invoke(
            results -> {
              List<LeaseToken> taken = new ArrayList<>();
              for (int i = 0; i < results.size(); i++) {
                LeaseStamp stamp = results.get(i).taken();
                if (stamp != null) {
                  LeaseRef lease = new LeaseRef(items.get(i).toCancel.id(), stamp);
                  taken.add(new LeaseToken(shard, lease));
                }
              }
              leases.tell(taken);
            });
  }

  private static CancelOutcome outcome(Canceled result) {
    return switch (result.outcome()) {
      case CANCELED -> CancelOutcome.CANCEL_OUTCOME_CANCELED;
      case LEASED -> CancelOutcome.CANCEL_OUTCOME_LEASED;
      case NOT_FOUND -> CancelOutcome.CANCEL_OUTCOME_NOT_FOUND;
    };
  }

  /** A job to cancel, and its place in the request. */
  private record Item(int place, Shard shard, CancelItem toCancel) {}
}
