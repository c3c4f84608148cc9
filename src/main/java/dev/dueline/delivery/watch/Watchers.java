package dev.dueline.delivery.watch;

import dev.dueline.delivery.DeliveryContext;
import dev.dueline.delivery.lease.Leases;
import dev.dueline.delivery.shard.Sweeper;
import dev.dueline.delivery.time.Alarm;
import dev.dueline.job.Delivery;
import dev.dueline.job.LeaseToken;
import dev.dueline.job.QueueName;
import dev.dueline.store.QueueDirectory;
import dev.dueline.store.QueueLayout;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/** All watchers of this replica, and the queues that they watch. */
public final class Watchers implements Leases.EndedLeases {
  private final DeliveryContext context;
  private final QueueDirectory directory;
  private final Leases leases;
  private final Sweeper sweeper;
  private final Cancellable news;
  private final Map<QueueName, WatchedQueue> queues = new HashMap<>();
  private final Map<Integer, Watcher> watchers = new HashMap<>();
  private int lastNumber;
  private boolean isDraining;
  private Runnable onQuiet = () -> {};

  /** No watchers yet; hears of leases that end at other replicas from now on. */
  public Watchers(DeliveryContext context, QueueDirectory directory) {
    this.context = context;
    this.directory = directory;
    this.leases =
        new Leases(
            context.replica(),
            context.store(),
            context.announcements(),
            this,
            ThreadLocalRandom::current,
            context.observer());
    this.sweeper = new Sweeper(context);
    this.news =
        context.announcements().endedLeases(context.replica()).subscribe().with(this::ended);
  }

  /** What clients say of leases. */
  public Leases leases() {
    return leases;
  }

  /**
   * Connects a watcher. Any thread. The Uni completes on the event loop, before the first job is
   * written; fails with {@link DrainingException}, or the store's exceptions.
   */
  public Uni<Watch> watch(WatchSpec spec, WatcherSink sink) {
    return onLoop(spec.queues(), layouts -> new Connection(connect(spec, sink, layouts)));
  }

  /**
   * Leases jobs that are due, once; waits for the first. Any thread. If the subscription is
   * canceled, the jobs go back uncounted.
   */
  public Uni<List<Delivery>> pull(
      List<QueueName> names, int maxJobs, long leaseMs, Duration waitTime) {
    return onLoop(names, layouts -> layouts)
        .chain(
            layouts ->
                Uni.createFrom()
                    .emitter(
                        emitter -> {
                          Pull pull = new Pull(context.loop(), emitter, maxJobs, waitTime);
                          WatchSpec spec = Pull.spec(names, maxJobs, leaseMs);
                          emitter.onTermination(() -> context.loop().execute(pull::canceled));
                          pull.begin(connect(spec, pull, layouts), this::disconnect);
                        }));
  }

  /** How many watchers each queue has here, and how many jobs they take now. Any thread. */
  public Uni<Map<QueueName, Census>> census() {
    return Uni.createFrom()
        .emitter(
            emitter ->
                context
                    .loop()
                    .execute(
                        () -> {
                          Map<QueueName, Census> all = new HashMap<>();
                          queues.forEach((name, queue) -> all.put(name, queue.census()));
                          emitter.complete(all);
                        }));
  }

  /**
   * Who watches a queue at one replica.
   *
   * @param credit jobs that they take now
   */
  public record Census(int watchers, int credit) {}

  @Override
  public void ended(List<LeaseToken> tokens) {
    context
        .loop()
        .execute(
            () -> {
              Set<Watcher> freed = new LinkedHashSet<>();
              for (LeaseToken token : tokens) {
                Watcher watcher = watchers.get(token.lease().stamp().watcher());
                if (watcher != null && token.lease().stamp().replica() == context.replica()) {
                  watcher.ended(token);
                  freed.add(watcher);
                }
              }
              freed.forEach(Watcher::offerCredit);
              checkQuiet();
            });
  }

  /**
   * Lets no job out any more, tells the watchers, and waits for what is out to be acknowledged, but
   * no longer than a time. Then ends all streams. Any thread.
   */
  public Uni<Void> drain(Duration longest) {
    return Uni.createFrom()
        .emitter(
            emitter ->
                context
                    .loop()
                    .execute(
                        () -> {
                          isDraining = true;
                          Alarm deadline = new Alarm(context.loop());
                          Runnable finish =
                              () -> {
                                deadline.cancel();
                                onQuiet = () -> {};
                                end();
                                emitter.complete(null);
                              };
                          List.copyOf(watchers.values()).forEach(Watcher::drain);
                          onQuiet = finish;
                          deadline.set(longest, finish);
                          checkQuiet();
                        }));
  }

  private void checkQuiet() {
    if (isDraining && watchers.values().stream().noneMatch(Watcher::hasJobs)) {
      onQuiet.run();
    }
  }

  private void end() {
    news.cancel();
    for (Watcher watcher : List.copyOf(watchers.values())) {
      // First the client is told, then others get its jobs.
      watcher.sink().end();
      disconnect(watcher);
    }
    List.copyOf(queues.values()).forEach(WatchedQueue::close);
    queues.clear();
  }

  private Watcher connect(WatchSpec spec, WatcherSink sink, List<QueueLayout> layouts) {
    List<WatchedQueue> wanted = layouts.stream().map(this::watched).toList();
    Watcher watcher = new Watcher(++lastNumber, spec, sink, wanted, context, leases);
    watcher.onSettled(this::checkQuiet);
    watchers.put(watcher.number(), watcher);
    wanted.forEach(queue -> queue.add(watcher));
    return watcher;
  }

  private WatchedQueue watched(QueueLayout layout) {
    return queues.computeIfAbsent(
        layout.queue(),
        name -> new WatchedQueue(layout, context, leases, sweeper, () -> queues.remove(name)));
  }

  private void leave(Watcher watcher, Duration longest) {
    if (isDraining || !watchers.containsKey(watcher.number())) {
      return;
    }
    Alarm deadline = new Alarm(context.loop());
    Runnable end =
        () -> {
          deadline.cancel();
          if (watchers.containsKey(watcher.number())) {
            watcher.sink().end();
            disconnect(watcher);
          }
        };
    watcher.onSettled(
        () -> {
          checkQuiet();
          if (!watcher.hasJobs()) {
            end.run();
          }
        });
    watcher.drain();
    if (watcher.hasJobs()) {
      deadline.set(longest, end);
    } else {
      end.run();
    }
  }

  private void disconnect(Watcher watcher) {
    if (watchers.remove(watcher.number()) != null) {
      watcher.close();
      watcher.queues().forEach(queue -> queue.remove(watcher));
      checkQuiet();
    }
  }

  private <T> Uni<T> onLoop(List<QueueName> names, Function<List<QueueLayout>, T> task) {
    return Uni.join()
        .all(names.stream().map(directory::layout).toList())
        .andFailFast()
        .chain(
            layouts ->
                Uni.createFrom()
                    .emitter(
                        emitter ->
                            context
                                .loop()
                                .execute(
                                    () -> {
                                      if (isDraining) {
                                        emitter.fail(new DrainingException());
                                      } else {
                                        emitter.complete(task.apply(layouts));
                                      }
                                    })));
  }

  /** The near end of a stream; hops to the loop. */
  private final class Connection implements Watch {
    private final Watcher watcher;

    Connection(Watcher watcher) {
      this.watcher = watcher;
    }

    @Override
    public void ready() {
      context.loop().execute(watcher::ready);
    }

    @Override
    public void leave(Duration longest) {
      context.loop().execute(() -> Watchers.this.leave(watcher, longest));
    }

    @Override
    public void disconnected() {
      context.loop().execute(() -> disconnect(watcher));
    }
  }
}
