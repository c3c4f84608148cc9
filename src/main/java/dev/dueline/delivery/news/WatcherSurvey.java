package dev.dueline.delivery.news;

import dev.dueline.delivery.context.DeliveryContext;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.ShardCalls;
import dev.dueline.store.news.WatcherNews;
import dev.dueline.store.news.WatcherState;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Asks all replicas that have watchers of a queue who they are, this one too, and answers those
 * that ask. A page is in the order of replicas, and of the numbers of their watchers.
 */
public final class WatcherSurvey {
  /** Bytes of queue names after which an answer has no more watchers. */
  private static final int MAX_NAME_BYTES = 64 << 10;

  private final Holders holders;
  private final Function<Shard, Uni<List<Long>>> watching;
  private final DeliveryContext context;
  private final Questions<Optional<WatcherNews.Listed>> questions;

  /**
   * Nobody was asked yet.
   *
   * @param watching as {@link dev.dueline.store.queue.QueueStore#watching}
   */
  public WatcherSurvey(
      Holders holders, Function<Shard, Uni<List<Long>>> watching, DeliveryContext context) {
    this.holders = holders;
    this.watching = watching;
    this.context = context;
    this.questions = new Questions<>(context.loop(), Optional.empty());
  }

  /** Between two watchers of a list: behind one, and before the next. */
  public record Place(long replica, int number) {
    /** Before all of them. */
    public static final Place START = new Place(0, 0);
  }

  /** A watcher, and the replica that it is connected to. */
  public record Found(long replica, WatcherState watcher) {
    Place place() {
      return new Place(replica, watcher.number());
    }
  }

  /**
   * Some watchers of a queue.
   *
   * @param unanswered replicas that said lately that they have some, and did not answer: they are
   *     gone, stand still or are of an earlier version
   * @param next where the next page begins; empty: this is the last one
   */
  public record Page(List<Found> watchers, List<Long> unanswered, Optional<Place> next) {}

  /**
   * A page of the watchers of a queue; takes at most about a second. Any thread.
   *
   * @param first keeps which replicas have watchers
   * @param from where the page before it ended
   * @param size most watchers
   */
  public Uni<Page> page(Shard first, Place from, int size) {
    return watching
        .apply(first)
        .emitOn(context.loop()::execute)
        .chain(
            told -> {
              TreeSet<Long> replicas = new TreeSet<>(Long::compareUnsigned);
              replicas.addAll(told);
              replicas.add(context.replica());
              List<Long> asked = List.copyOf(replicas.tailSet(from.replica, true));
              return ShardCalls.eachToItsEnd(
                      asked, replica -> ask(replica, first.queue(), from, size))
                  .map(answers -> page(asked, answers, size));
            });
  }

  private Uni<Optional<WatcherNews.Listed>> ask(
      long replica, QueueName queue, Place from, int size) {
    int after = replica == from.replica ? from.number : 0;
    return questions
        .ask(
            question ->
                holders.tell(
                    replica,
                    List.of(new WatcherNews.Look(queue, after, size, context.replica(), question))))
        .emitOn(context.loop()::execute);
  }

  private static Page page(
      List<Long> replicas, List<Optional<WatcherNews.Listed>> answers, int size) {
    List<Found> found = new ArrayList<>();
    List<Long> unanswered = new ArrayList<>();
    for (int i = 0; i < replicas.size(); i++) {
      long replica = replicas.get(i);
      if (answers.get(i).isEmpty()) {
        unanswered.add(replica);
        continue;
      }
      WatcherNews.Listed answer = answers.get(i).get();
      int room = size - found.size();
      answer.watchers().stream().limit(room).forEach(each -> found.add(new Found(replica, each)));
      boolean hasMore = answer.hasMore() || answer.watchers().size() > room;
      if (hasMore && !found.isEmpty()) {
        return new Page(found, unanswered, Optional.of(found.get(found.size() - 1).place()));
      }
    }
    return new Page(found, unanswered, Optional.empty());
  }

  /** A replica has answered. */
  public void answered(WatcherNews.Listed answer) {
    questions.answered(answer.question(), Optional.of(answer));
  }

  /**
   * Answers a replica.
   *
   * @param watchers those that it asks for, in the order of their numbers
   */
  public void answer(WatcherNews.Look asked, Stream<WatcherState> watchers) {
    List<WatcherState> some = new ArrayList<>();
    int bytes = 0;
    Iterator<WatcherState> each = watchers.iterator();
    while (each.hasNext() && some.size() < asked.most() && bytes < MAX_NAME_BYTES) {
      WatcherState watcher = each.next();
      some.add(watcher);
      bytes += watcher.queues().stream().mapToInt(queue -> queue.value().length()).sum();
    }
    holders.tell(
        asked.asker(), List.of(new WatcherNews.Listed(asked.question(), some, each.hasNext())));
  }
}
