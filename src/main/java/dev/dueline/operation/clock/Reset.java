package dev.dueline.operation.clock;

import dev.dueline.delivery.lease.Leases;
import dev.dueline.job.lease.LeaseToken;
import dev.dueline.store.queue.QueueDirectory;
import dev.dueline.store.queue.QueueLayout;
import dev.dueline.store.queue.QueueStore;
import dev.dueline.store.queue.RedisStreamStore;
import java.util.List;

/** Empties the store: all queues with their jobs, settings and counters are gone. Blocks. */
final class Reset {
  /** A job that is scheduled at the same time may create a queue anew. */
  private static final int ATTEMPTS = 3;

  private final Lookout lookout;
  private final QueueDirectory directory;
  private final QueueStore queues;
  private final RedisStreamStore streams;
  private final Leases leases;

  Reset(
      Lookout lookout,
      QueueDirectory directory,
      QueueStore queues,
      RedisStreamStore streams,
      Leases leases) {
    this.lookout = lookout;
    this.directory = directory;
    this.queues = queues;
    this.streams = streams;
    this.leases = leases;
  }

  /** Watchers stay; those that had jobs hear that they are canceled, and have their credit back. */
  void run() {
    for (int i = 0; i < ATTEMPTS; i++) {
      List<QueueLayout> layouts = lookout.layouts();
      if (layouts.isEmpty()) {
        break;
      }
      List<LeaseToken> held =
          lookout
              .look()
              .held()
              .map(each -> new LeaseToken(each.shard(), each.out().lease()))
              .toList();
      layouts.forEach(this::delete);
      leases.canceled(held);
    }
    // Also of queues that were deleted before.
    Lookout.await(queues.forgetRequests());
  }

  private void delete(QueueLayout layout) {
    Lookout.await(directory.delete(layout, true));
    Lookout.await(streams.leave(layout.queue()));
  }
}
