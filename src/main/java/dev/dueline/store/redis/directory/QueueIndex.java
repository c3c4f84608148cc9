package dev.dueline.store.redis.directory;

import dev.dueline.job.QueueName;
import dev.dueline.store.failure.StoreDataException;
import dev.dueline.store.redis.failure.RedisFailures;
import dev.dueline.store.redis.layout.RedisKeys;
import dev.dueline.store.redis.script.ScriptRunner;
import dev.dueline.store.redis.script.directory.IndexCall;
import dev.dueline.store.redis.topology.RedisGateway;
import dev.dueline.store.redis.topology.SharedCall;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.StreamSupport;

/**
 * The names of the registry in order: a sorted set of which a page costs what it shows. It follows
 * the hash, which alone decides what queues there are, and which replicas of earlier versions write
 * without it. So whoever reads it has compared the sizes of both within the last second, and goes
 * through all names once in bounded steps when they differ, and at its first use; an index of
 * another type is made anew then. Thread-safe.
 */
public final class QueueIndex {
  /** From one pass to the next, at least: beside replicas that leave the index out all the time. */
  public static final Duration REST = Duration.ofSeconds(10);

  /** How old a comparison may be. */
  private static final Duration FRESH = Duration.ofSeconds(1);

  /** Names in a step of a pass: less than a millisecond of Redis's time. */
  private static final int STEP = 250;

  /** Behind every name that begins so: no name has this character. */
  private static final String END = "~";

  /** In place of sizes that nobody can tell: never the same, so that they call for a pass. */
  private static final long UNKNOWN_NAMES = -2;

  private static final long UNKNOWN_ENTRIES = -1;

  private static final byte[] QUEUES = RedisKeys.bytes(RedisKeys.QUEUES);

  private final RedisGateway gateway;
  private final ScriptRunner scripts;
  private final Duration rest;
  private final SharedCall<Void> repair;
  private volatile boolean hasPassed;
  private volatile long passedNanos;

  /**
   * Sends nothing yet.
   *
   * @param rest from one pass to the next, at least
   */
  public QueueIndex(RedisGateway gateway, ScriptRunner scripts, Duration rest) {
    this.gateway = gateway;
    this.scripts = scripts;
    this.rest = rest;
    this.repair = new SharedCall<>(FRESH.compareTo(rest) < 0 ? FRESH : rest, this::repair);
  }

  /**
   * The first names that begin so, in order.
   *
   * @param after they come behind it
   * @param skip how many to leave out first
   */
  public Uni<List<QueueName>> names(String prefix, String after, int skip, int most) {
    String least = after.compareTo(prefix) < 0 ? "[" + prefix : "(" + after;
    Request range =
        Request.cmd(Command.ZRANGE)
            .arg(RedisKeys.QUEUE_NAMES)
            .arg(least)
            .arg("(" + prefix + END)
            .arg("BYLEX")
            .arg("LIMIT")
            .arg(skip)
            .arg(most);
    return repaired()
        .chain(() -> gateway.send(QUEUES, range))
        .onFailure()
        .transform(failure -> RedisFailures.of(failure, RedisKeys.QUEUE_NAMES))
        .onFailure()
        .invoke(scripts::met)
        .map(
            names ->
                StreamSupport.stream(names.spliterator(), false)
                    .map(Response::toString)
                    .filter(QueueName::isValid)
                    .map(QueueName::new)
                    .toList());
  }

  /** Compares the index with the registry, if nobody did lately, and makes them equal. */
  Uni<Void> repaired() {
    return repair.get();
  }

  private Uni<Void> repair() {
    if (hasPassed && System.nanoTime() - passedNanos < rest.toNanos()) {
      return Uni.createFrom().voidItem();
    }
    return surplus()
        .chain(
            surplus ->
                hasPassed && surplus == 0
                    ? Uni.createFrom().voidItem()
                    : pass(true)
                        .chain(this::surplus)
                        .chain(left -> left > 0 ? pass(false) : Uni.createFrom().voidItem())
                        .invoke(this::passed));
  }

  private void passed() {
    passedNanos = System.nanoTime();
    hasPassed = true;
  }

  /** How many names more than the registry the index has. */
  private Uni<Long> surplus() {
    return size(Command.ZCARD, RedisKeys.QUEUE_NAMES)
        .onFailure(StoreDataException.class)
        .recoverWithItem(UNKNOWN_NAMES)
        .chain(
            names ->
                size(Command.HLEN, RedisKeys.QUEUES)
                    // A user of Redis's from before there was an index: then every pass is made.
                    .onFailure(RedisFailures::isForbidden)
                    .recoverWithItem(UNKNOWN_ENTRIES)
                    .map(entries -> names - entries));
  }

  private Uni<Long> size(Command command, String key) {
    return gateway
        .send(QUEUES, Request.cmd(command).arg(key))
        .onFailure(RedisFailures::isOfData)
        .transform(failure -> RedisFailures.of(failure, key))
        .onFailure()
        .invoke(scripts::met)
        .map(Response::toLong);
  }

  private Uni<Void> pass(boolean adds) {
    return Multi.createBy()
        .repeating()
        .uni(() -> new AtomicReference<>("0"), cursor -> step(adds, cursor))
        .whilst(next -> !next.equals("0"))
        .onItem()
        .ignoreAsUni();
  }

  private Uni<String> step(boolean adds, AtomicReference<String> cursor) {
    String from = Objects.requireNonNull(cursor.get());
    return scripts.run(new IndexCall(adds, from, STEP)).invoke(cursor::set);
  }
}
