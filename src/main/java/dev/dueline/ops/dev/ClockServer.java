package dev.dueline.ops.dev;

import dev.dueline.delivery.lease.Leases;
import dev.dueline.delivery.watch.Watchers;
import dev.dueline.grpc.clock.CallActivity;
import dev.dueline.grpc.clock.ClockService;
import dev.dueline.operation.clock.ClockOperations;
import dev.dueline.store.JobStore;
import dev.dueline.store.redis.RedisStore;
import io.grpc.netty.NettyServerBuilder;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * Adds the calls that move the clock to the server of a service that has such a clock, past the
 * table of what callers may do, which knows nothing of them.
 */
@Singleton
public final class ClockServer {
  private final Optional<ClockOperations> operations;

  ClockServer(TestClock clock, RedisStore store, JobStore jobs, Watchers watchers, Leases leases) {
    this.operations =
        clock
            .movable()
            .map(
                movable ->
                    new ClockOperations(
                        movable,
                        new ClockOperations.Stores(
                            store.queues(), jobs, store.operations(), store.streams()),
                        watchers,
                        leases));
  }

  /** Adds them, if the clock can be moved. */
  public void addTo(NettyServerBuilder server) {
    operations.ifPresent(
        clock -> {
          server.addService(new ClockService(clock));
          if (DevMode.current().map(DevMode::autoAdvance).orElse(false)) {
            CallActivity activity = new CallActivity();
            server.intercept(activity);
            clock.moveByItself(activity);
          }
        });
  }

  @PreDestroy
  void close() {
    operations.ifPresent(ClockOperations::close);
  }
}
