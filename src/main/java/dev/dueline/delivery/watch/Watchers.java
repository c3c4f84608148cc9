package dev.dueline.delivery.watch;

import dev.dueline.delivery.context.DeliveryContext;
import dev.dueline.delivery.lease.EndedLeases;
import dev.dueline.delivery.lease.Leases;
import dev.dueline.delivery.shard.ShardLoop;
import dev.dueline.delivery.time.Alarm;
import dev.dueline.job.Delivery;
import dev.dueline.job.LeaseToken;
import dev.dueline.job.QueueName;
import dev.dueline.store.queue.QueueDirectory;
import dev.dueline.store.queue.QueueLayout;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/** All watchers of this replica, and the queues that they watch. */
public final class Watchers {
  private final QueueDirectory directory;
  private final Presences presences;
  private final ClaimLoops claims;
  private final Leases leases;
  private final DeliveryContext context;
  private final Dispatcher dispatcher;
  private final Cancellable news;
  private final Map<QueueName, WatchedQueue> queues = new HashMap<>();
  private final Map<Integer, Watcher> watchers = new HashMap<>();
  private int lastNumber;
  private boolean isDraining;
  private Runnable onQuiet = () -> {};

  /** No watchers yet; hears of leases that ended from now on. */
  public Watchers(
      QueueDirectory directory,
      Presences presences,
      ClaimLoops claims,
      Leases leases,
      EndedLeases ended,
      DeliveryContext context) {
    this.directory = directory;
    this.presences = presences;
    this.claims = claims;
    this.leases = leases;
    this.context = context;
    this.dispatcher = new Dispatcher(context.replica());
    dispatcher.onStale(this::lookAgain);
    this.news = ended.listen(tokens -> context.loop().execute(() -> ended(tokens)));
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
                          Watcher watcher = connect(spec, pull, layouts);
                          List<ShardLoop> loops =
                              names.stream()
                                  .flatMap(name -> dispatcher.loops(name).stream())
                                  .toList();
                          pull.begin(watcher, loops, this::disconnect);
                        }));
  }

  /** How many watchers each queue has here, and how many jobs they take now. Any thread. */
  public Uni<Map<QueueName, Census>> census() {
    return Uni.createFrom()
        .item(
            () -> {
              Map<QueueName, Census> all = new HashMap<>();
              queues.forEach((name, queue) -> all.put(name, queue.census()));
              return all;
            })
        .runSubscriptionOn(context.loop()::execute);
  }

  /**
   * Who watches a queue at one replica.
   *
   * @param credit jobs that they take now
   */
  public record Census(int watchers, int credit) {}

  private void ended(List<LeaseToken> tokens) {
    Set<Watcher> freed = new LinkedHashSet<>();
    for (LeaseToken token : tokens) {
      Watcher watcher = watchers.get(token.lease().leaseId().watcher());
      if (watcher != null && token.lease().leaseId().replica() == context.replica()) {
        watcher.ended(token);
        freed.add(watcher);
      }
    }
    freed.forEach(dispatcher::offer);
    checkQuiet();
  }

  /**
   * Lets no job out any more, tells the watchers, and waits for what is out to be acknowledged, but
   * no longer than a time. Then ends all streams. Any thread.
   */
  public Uni<Void> drain(Duration max) {
    return Uni.createFrom()
        .<Void>emitter(
            emitter -> {
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
              deadline.set(max, finish);
              checkQuiet();
            })
        .runSubscriptionOn(context.loop()::execute);
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
    Watcher watcher = new Watcher(++lastNumber, spec, sink, leases, context);
    watcher.onSettled(this::checkQuiet);
    watchers.put(watcher.number(), watcher);
    dispatcher.add(watcher);
    wanted.forEach(queue -> queue.changed(watcher));
    return watcher;
  }

  private WatchedQueue watched(QueueLayout layout) {
    WatchedQueue queue =
        queues.computeIfAbsent(
            layout.queue(),
            name ->
                new WatchedQueue(
                    layout, this::open, dispatcher, context.loop(), () -> queues.remove(name)));
    queue.has(layout);
    return queue;
  }

  private WatchedQueue.Shards open(QueueLayout layout) {
    return new WatchedQueue.Shards(
        layout, claims.open(layout, dispatcher), presences.of(layout.shards().get(0)));
  }

  /** A queue has other shards, or is gone: then it comes to be again, since it is watched. */
  private void lookAgain(QueueName name) {
    context.call(
        directory.layout(name),
        layout -> {
          WatchedQueue queue = queues.get(name);
          if (queue != null) {
            queue.has(layout);
          }
        },
        away -> {});
  }

  private void leave(Watcher watcher, Duration max) {
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
      deadline.set(max, end);
    } else {
      end.run();
    }
  }

  private void disconnect(Watcher watcher) {
    if (watchers.remove(watcher.number()) != null) {
      watcher.close();
      dispatcher.remove(watcher);
      watcher.queues().stream()
          .map(queues::get)
          .filter(Objects::nonNull)
          .forEach(queue -> queue.changed(watcher));
      checkQuiet();
    }
  }

  private <T> Uni<T> onLoop(List<QueueName> names, Function<List<QueueLayout>, T> task) {
    return Uni.join()
        .all(names.stream().map(directory::layout).toList())
        .andFailFast()
        .emitOn(context.loop()::execute)
        .map(
            layouts -> {
              if (isDraining) {
                throw new DrainingException();
              }
              return task.apply(layouts);
            });
  }

  /** The handle of a stream; hops to the loop. */
  private final class Connection implements Watch {
    private final Watcher watcher;

    Connection(Watcher watcher) {
      this.watcher = watcher;
    }

    @Override
    public void ready() {
      context
          .loop()
          .execute(
              () -> {
                watcher.flush();
                dispatcher.offer(watcher);
              });
    }

    @Override
    public void leave(Duration max) {
      context.loop().execute(() -> Watchers.this.leave(watcher, max));
    }

    @Override
    public void disconnected() {
      context.loop().execute(() -> disconnect(watcher));
    }
  }
}
