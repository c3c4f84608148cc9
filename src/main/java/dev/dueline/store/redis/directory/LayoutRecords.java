package dev.dueline.store.redis.directory;

import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.failure.StoreDataException;
import dev.dueline.store.queue.QueueLayout;
import dev.dueline.store.queue.ShardPlan;
import dev.dueline.store.redis.failure.RedisFailures;
import dev.dueline.store.redis.layout.RedisKeys;
import dev.dueline.store.redis.script.ScriptRunner;
import dev.dueline.store.redis.script.directory.EnterCall;
import dev.dueline.store.redis.script.directory.LayoutCall;
import dev.dueline.store.redis.script.directory.RemoveCall;
import dev.dueline.store.redis.script.directory.ReopenCall;
import dev.dueline.store.redis.script.directory.RetractCall;
import dev.dueline.store.redis.topology.RedisGateway;
import dev.dueline.store.redis.topology.Replication;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What Redis has of the layouts of queues, in two places that one script cannot reach: the entry of
 * a queue in the registry, {@code shards=N}, which is written first; and what each of its shards
 * says, which scripts compare with what their caller thinks. Where the two differ, or one is lost,
 * the word of the first shard decides, since all replicas agree on it in one step, and the other
 * follows. Thread-safe.
 */
final class LayoutRecords {
  private static final byte[] KEY = RedisKeys.bytes(RedisKeys.QUEUES);

  // As scripts compare them, which is as text: "01" is not what any version writes.
  private static final Pattern SETTINGS = Pattern.compile("shards=([1-9][0-9]{0,3})");
  private static final Pattern SAID = Pattern.compile("([1-9][0-9]{0,3})");

  private final RedisGateway gateway;
  private final ScriptRunner scripts;
  private final Replication replication;

  /**
   * Sends nothing yet.
   *
   * @param replication who must have an entry: without it nobody would find the jobs
   */
  LayoutRecords(RedisGateway gateway, ScriptRunner scripts, Replication replication) {
    this.gateway = gateway;
    this.scripts = scripts;
    this.replication = replication;
  }

  /**
   * An entry of the registry.
   *
   * @param found as it stands there; null: there is none
   */
  record Entry(QueueName queue, @Nullable String found) {
    boolean isMissing() {
      return found == null;
    }

    String settings() {
      return Objects.requireNonNullElse(found, "");
    }

    boolean fits(QueueLayout layout) {
      return settings().equals(settingsOf(layout.shardCount()));
    }

    /** Fails with {@link StoreDataException} where this version cannot read it. */
    QueueLayout layout() {
      Matcher matcher = SETTINGS.matcher(settings());
      int shards = matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
      if (shards < 1 || shards > ShardPlan.MAX_SHARDS) {
        throw StoreDataException.ofQueue(
            queue,
            RedisKeys.QUEUES,
            "the entry of the queue, \"%s\", is not one that this version writes"
                .formatted(RedisFailures.printable(settings())));
      }
      return new QueueLayout(queue, shards);
    }
  }

  /**
   * What a shard says.
   *
   * @param shards how many its queue has; 0: nothing
   * @param deletion that closed it; empty: none
   */
  record Word(int shards, String deletion) {}

  private Uni<Entry> entry(QueueName queue) {
    return entries(List.of(queue)).map(entries -> entries.get(0));
  }

  /** The entries of queues, in their order. */
  Uni<List<Entry>> entries(List<QueueName> queues) {
    Request request = Request.cmd(Command.HMGET).arg(RedisKeys.QUEUES);
    queues.forEach(queue -> request.arg(queue.value()));
    return gateway
        .send(KEY, request)
        .onFailure()
        .transform(failure -> RedisFailures.of(failure, RedisKeys.QUEUES))
        .map(
            all -> {
              List<Entry> entries = new ArrayList<>();
              for (int i = 0; i < queues.size(); i++) {
                Response found = all.get(i);
                entries.add(new Entry(queues.get(i), found == null ? null : found.toString()));
              }
              return entries;
            });
  }

  /** The layout of a queue; empty: there is no such queue. One that only lost its entry has it. */
  Uni<Optional<QueueLayout>> find(QueueName queue) {
    return entry(queue)
        .chain(
            entry ->
                entry.isMissing()
                    ? said(entry)
                    : Uni.createFrom().item(() -> Optional.of(entry.layout())));
  }

  /**
   * What the first shard says, which the entry follows. It is read after the entry: that of a queue
   * which is deleted says nothing by then.
   */
  private Uni<Optional<QueueLayout>> said(Entry entry) {
    return word(new Shard(entry.queue, 0))
        .chain(
            word ->
                word.shards == 0
                    ? Uni.createFrom().item(Optional.empty())
                    : follow(entry, word.shards));
  }

  /** Creates a queue; gives what it has, if another replica was faster. */
  Uni<QueueLayout> make(QueueName queue, int shards) {
    return enter(queue, shards, "")
        .chain(() -> agree(queue, true))
        .chain(
            found ->
                found.isPresent()
                    ? Uni.createFrom().item(found.get())
                    // It was deleted since.
                    : make(queue, shards));
  }

  /**
   * Lets the registry and the first shard of a queue say the same, and gives that; empty: neither
   * says anything, or the queue is about to be deleted.
   *
   * @param reopens whether the queue is kept from being deleted
   */
  Uni<Optional<QueueLayout>> agree(QueueName queue, boolean reopens) {
    return word(new Shard(queue, 0))
        .chain(
            word ->
                entry(queue)
                    .chain(
                        entry ->
                            entry.isMissing() ? said(entry) : withEntry(entry, word, reopens)));
  }

  /** Its shard was read first: one that was deleted before that has no entry. */
  private Uni<Optional<QueueLayout>> withEntry(Entry entry, Word word, boolean reopens) {
    int shards = entry.layout().shardCount();
    if (word.shards == shards) {
      return Uni.createFrom().item(Optional.of(entry.layout()));
    }
    return word.shards != 0
        // It may have been made anew since.
        ? said(entry)
        : say(new Shard(entry.queue, 0), word, shards, reopens)
            .chain(
                now ->
                    now == 0
                        ? Uni.createFrom().item(Optional.empty())
                        // In any case: a deletion may have removed the entry meanwhile.
                        : enter(entry, now));
  }

  private Uni<Optional<QueueLayout>> follow(Entry entry, int said) {
    QueueLayout layout = new QueueLayout(entry.queue, said);
    return entry.fits(layout) ? Uni.createFrom().item(Optional.of(layout)) : enter(entry, said);
  }

  private Uni<Optional<QueueLayout>> enter(Entry wrong, int shards) {
    return enter(wrong.queue, shards, wrong.settings())
        .replaceWith(Optional.of(new QueueLayout(wrong.queue, shards)));
  }

  private Uni<String> enter(QueueName queue, int shards, String wrong) {
    return scripts.run(new EnterCall(queue.value(), settingsOf(shards), wrong), replication);
  }

  /** What a shard says of its queue. */
  Uni<Word> word(Shard shard) {
    String key = RedisKeys.meta(shard);
    return gateway
        .send(
            RedisKeys.bytes(key), Request.cmd(Command.HMGET).arg(key).arg("shards").arg("deletion"))
        .onFailure()
        .transform(failure -> RedisFailures.of(failure, key))
        .map(found -> new Word(shards(shard, found.get(0)), text(found.get(1))));
  }

  private static int shards(Shard shard, @Nullable Response found) {
    if (found == null) {
      return 0;
    }
    String text = found.toString();
    Matcher matcher = SAID.matcher(text);
    int said = matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
    if (said < 1 || said > ShardPlan.MAX_SHARDS) {
      throw StoreDataException.ofShard(
          shard,
          RedisKeys.meta(shard),
          "its field shards, \"%s\", is not one that this version writes"
              .formatted(RedisFailures.printable(text)));
    }
    return said;
  }

  /** Lets a shard say again how many there are, if this deletion is what has closed it. */
  Uni<Void> reopen(Shard shard, String deletion, int shards) {
    return scripts
        .run(new ReopenCall(shard.place(), deletion, shards), replication)
        .replaceWithVoid();
  }

  /** Takes back what a shard was let say; false: it holds jobs, and goes on saying it. */
  Uni<Boolean> retract(Shard shard) {
    return scripts.run(new RetractCall(shard.place(), shard.of()));
  }

  /**
   * Lets a shard say how many there are, if it still says what was found; gives what it says.
   *
   * @param reopens also if a deletion that may be under way has closed it, or was by now; otherwise
   *     that gives 0
   */
  Uni<Integer> say(Shard shard, Word found, int shards, boolean reopens) {
    return scripts.run(
        new LayoutCall(shard.place(), found.shards, shards, reopens, found.deletion), replication);
  }

  /**
   * Removes the entry of a queue that is deleted; one that was created since keeps it, or gets it.
   */
  Uni<Void> remove(QueueLayout layout) {
    return scripts
        .run(new RemoveCall(layout.queue().value(), settingsOf(layout.shardCount())))
        .chain(() -> find(layout.queue()))
        .replaceWithVoid();
  }

  private static String settingsOf(int shards) {
    return "shards=" + shards;
  }

  private static String text(@Nullable Response value) {
    return Objects.toString(value, "");
  }
}
