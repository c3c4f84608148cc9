package dev.dueline.delivery.watch;

import dev.dueline.delivery.context.DeliveryContext;
import dev.dueline.delivery.lease.Leases;
import dev.dueline.delivery.limit.TooManyShardsException;
import dev.dueline.delivery.limit.WatchLimits;
import dev.dueline.delivery.news.Holders;
import dev.dueline.delivery.news.StopRequests;
import dev.dueline.delivery.news.WatcherSurvey;
import dev.dueline.delivery.presence.Presences;
import dev.dueline.job.QueueName;
import dev.dueline.job.lease.Delivery;
import dev.dueline.store.ShardCalls;
import dev.dueline.store.news.StopOutcome;
import dev.dueline.store.news.WatchToken;
import dev.dueline.store.news.WatcherNews;
import dev.dueline.store.queue.QueueDirectory;
import dev.dueline.store.queue.QueueLayout;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** All watchers of this replica: they come, are stopped, and leave. */
public final class Watchers {
  private final QueueDirectory directory;
  private final ClaimLoops claims;
  private final DeliveryContext context;
  private final Roster roster;
  private final StopRequests stops;
  private final WatcherSurvey survey;
  private final Cancellable news;
  private boolean isDraining;

  /** No watchers yet; hears news of them from now on. */
  public Watchers(
      QueueDirectory directory,
      Presences presences,
      ClaimLoops claims,
      Leases leases,
      Holders holders,
      WatchLimits limits,
      DeliveryContext context) {
    this.directory = directory;
    this.claims = claims;
    this.context = context;
    this.roster = new Roster(presences, claims, leases, limits, context);
    roster.onStale(this::lookAgain);
    this.stops = new StopRequests(holders, context);
    this.survey = new WatcherSurvey(holders, presences::watching, context);
    this.news = holders.listen(told -> context.loop().execute(() -> heard(told)));
  }

  /**
   * Connects a watcher. Any thread. The Uni completes on the event loop, and what subscribes to it
   * runs before the watcher's sink is called; fails with {@link DrainingException}, {@link
   * RedisStreamQueueException}, {@link TooManyShardsException} or the store's exceptions.
   */
  public Uni<Watch> watch(WatchSpec spec, WatcherSink sink) {
    // What is refused in the end is refused before its queues are asked.
    Uni<List<QueueLayout>> found =
        layouts(spec.queues())
            .emitOn(context.loop()::execute)
            .invoke(layouts -> roster.check(spec, layouts))
            .call(claims::refuseRedisStreams);
    return onLoop(
        found,
        layouts -> {
          Watcher watcher = roster.add(spec, layouts, sink);
          // Later, so that no answer to a claim is ahead of the task in which the stream begins.
          context.loop().execute(() -> roster.begin(watcher));
          return new Connection(watcher);
        });
  }

  /**
   * Leases jobs that are due, once; waits for the first. Any thread. If the subscription is
   * canceled, the jobs go back uncounted. Fails as {@link #watch} does.
   */
  public Uni<List<Delivery>> pull(
      long owner, List<QueueName> names, int maxJobs, long leaseMs, Duration waitTime) {
    WatchSpec spec = Pull.spec(owner, names, maxJobs, leaseMs);
    Uni<List<QueueLayout>> found =
        layouts(names)
            .emitOn(context.loop()::execute)
            .invoke(layouts -> roster.check(spec, layouts))
            .call(
                layouts ->
                    waitTime.isZero()
                        ? ShardCalls.each(layouts, claims::endExpired)
                        : Uni.createFrom().voidItem());
    return onLoop(found, layouts -> layouts)
        .chain(
            layouts ->
                Uni.createFrom()
                    .emitter(
                        emitter -> {
                          Pull pull = new Pull(context.loop(), emitter, maxJobs, waitTime);
                          Watcher watcher = roster.add(spec, layouts, pull);
                          emitter.onTermination(() -> context.loop().execute(pull::canceled));
                          roster.begin(watcher);
                          pull.begin(watcher, roster.loops(names), roster::remove);
                        }));
  }

  /**
   * Has a watch take no more jobs, at whichever replica it is: those that were not written go back
   * uncounted, and its stream ends once the others are settled, or after a time. Any thread.
   */
  public Uni<StopOutcome> stop(WatchToken watch, Duration timeout) {
    return Uni.createFrom()
        .deferred(
            () ->
                watch.replica() == context.replica()
                    ? Uni.createFrom().item(stopHere(watch, timeout))
                    : stops.ask(watch, timeout))
        .runSubscriptionOn(context.loop()::execute);
  }

  /** Who watches a queue, at all replicas. */
  public WatcherSurvey survey() {
    return survey;
  }

  /** How many watchers each queue has here, and how many jobs they take now. Any thread. */
  public Uni<Map<QueueName, Census>> census() {
    return Uni.createFrom().item(roster::census).runSubscriptionOn(context.loop()::execute);
  }

  /** Who waits for jobs here. Any thread. */
  public Uni<Demand> demand() {
    return Uni.createFrom().item(roster::demand).runSubscriptionOn(context.loop()::execute);
  }

  /**
   * Who watches a queue at one replica.
   *
   * @param watchers streams, and pulls that wait
   * @param credit jobs that they take now
   */
  public record Census(int watchers, int credit) {}

  /**
   * Lets no job out any more, tells the watchers, and ends each stream once what it has out is
   * settled, or after a time. Completes when all have ended. Any thread.
   */
  public Uni<Void> drain(Duration max) {
    return Uni.createFrom()
        .<Void>emitter(
            emitter -> {
              isDraining = true;
              roster.all().forEach(watcher -> drain(watcher, max));
              roster.onEmpty(
                  () -> {
                    news.cancel();
                    roster.close();
                    emitter.complete(null);
                  });
            })
        .runSubscriptionOn(context.loop()::execute);
  }

  private void drain(Watcher watcher, Duration max) {
    watcher.drain(max);
    roster.leave(watcher, max);
  }

  private void heard(List<WatcherNews> told) {
    Set<Watcher> freed = new LinkedHashSet<>();
    for (WatcherNews each : told) {
      if (each instanceof WatcherNews.Ended ended) {
        Optional<Watcher> holder = roster.holder(ended.lease());
        holder.ifPresent(watcher -> watcher.ended(ended.lease(), ended.how()));
        holder.ifPresent(freed::add);
      } else if (each instanceof WatcherNews.Extended extended) {
        Optional<Watcher> holder = roster.holder(extended.lease());
        holder.ifPresent(watcher -> watcher.extended(extended.lease(), extended.leaseMs()));
        holder.ifPresent(freed::add);
      } else if (each instanceof WatcherNews.Stop stop) {
        stops.answer(stop, stopHere(stop.watch(), Duration.ofMillis(stop.timeoutMs())));
      } else if (each instanceof WatcherNews.Stopped stopped) {
        stops.answered(stopped);
      } else if (each instanceof WatcherNews.Look look) {
        survey.answer(look, roster.states(look.queue(), look.after()));
      } else if (each instanceof WatcherNews.Listed listed) {
        survey.answered(listed);
      } else if (each instanceof WatcherNews.Listening) {
        roster.all().forEach(Watcher::missedNews);
      }
    }
    freed.forEach(roster::offer);
  }

  private StopOutcome stopHere(WatchToken watch, Duration timeout) {
    Optional<Watcher> found = roster.find(watch);
    found.ifPresent(
        watcher -> {
          watcher.stop();
          roster.leave(watcher, timeout);
        });
    return found.isPresent() ? StopOutcome.STOPPING : StopOutcome.OVER;
  }

  /** A queue has other shards. */
  private void lookAgain(QueueName name) {
    context.call(directory.expected(name), roster::has, away -> {});
  }

  /** A queue that does not exist is listened to where its jobs would be, and is not created. */
  private Uni<List<QueueLayout>> layouts(List<QueueName> names) {
    return Uni.join().all(names.stream().map(directory::expected).toList()).andFailFast();
  }

  private <T> Uni<T> onLoop(Uni<List<QueueLayout>> found, Function<List<QueueLayout>, T> task) {
    return found
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
    public WatchToken token() {
      return watcher.token();
    }

    @Override
    public void ready() {
      context
          .loop()
          .execute(
              () -> {
                watcher.flush();
                roster.offer(watcher);
              });
    }

    @Override
    public void leave(Duration max) {
      context.loop().execute(() -> drain(watcher, max));
    }

    @Override
    public void disconnected() {
      context.loop().execute(() -> roster.remove(watcher));
    }
  }
}
