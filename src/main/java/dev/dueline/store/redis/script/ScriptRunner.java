package dev.dueline.store.redis.script;

import dev.dueline.job.Shard;
import dev.dueline.store.StoreObserver;
import dev.dueline.store.call.Deadline;
import dev.dueline.store.failure.StaleLayoutException;
import dev.dueline.store.failure.StoreDataException;
import dev.dueline.store.failure.StoreReplyException;
import dev.dueline.store.redis.failure.DamageLog;
import dev.dueline.store.redis.failure.RedisFailures;
import dev.dueline.store.redis.topology.RedisGateway;
import dev.dueline.store.redis.topology.Replication;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Request;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Runs scripts: EVALSHA, and EVAL where Redis does not know one, since a restart or a failover
 * empties its cache. Thread-safe.
 */
public final class ScriptRunner {
  private static final String LEFT_OUT =
      "it has a job whose id, lease or record is none; others go on";

  private static final String PASSED_OVER =
      "a number in it is none, or it is of another type; a limit that is no number counts as not"
          + " set";

  private final RedisGateway gateway;
  private final LongSupplier clockOffsetMs;
  private final LongSupplier movedMs;
  private final StoreObserver observer;
  private final ServerTime time;
  private final Layouts layouts;
  private final DamageLog log;

  /** Knows what layout a queue has. */
  @FunctionalInterface
  public interface Layouts {
    /**
     * Settles what layout a queue has, after a shard did not say what a call expected. Completes
     * once the shard says what it is expected to; otherwise fails with {@link
     * StaleLayoutException}.
     *
     * @param makes whether the queue is created again, if it is gone
     */
    Uni<Void> settle(Shard shard, boolean makes);
  }

  /**
   * Sends nothing yet.
   *
   * @param clockOffsetMs what the scripts add to TIME, as if that had stepped: of our own tests
   * @param movedMs what they add besides, as the test of a user moved the clock: this process knows
   * @param observer hears how long each script took, by its name
   */
  public ScriptRunner(
      RedisGateway gateway,
      LongSupplier clockOffsetMs,
      LongSupplier movedMs,
      StoreObserver observer) {
    this(
        gateway,
        clockOffsetMs,
        movedMs,
        observer,
        new ServerTime(movedMs),
        (shard, makes) ->
            Uni.createFrom().failure(new StaleLayoutException(shard + " says something else")),
        new DamageLog());
  }

  private ScriptRunner(
      RedisGateway gateway,
      LongSupplier clockOffsetMs,
      LongSupplier movedMs,
      StoreObserver observer,
      ServerTime time,
      Layouts layouts,
      DamageLog log) {
    this.gateway = gateway;
    this.clockOffsetMs = clockOffsetMs;
    this.movedMs = movedMs;
    this.observer = observer;
    this.time = time;
    this.layouts = layouts;
    this.log = log;
  }

  /** The same, with somebody to ask where a shard does not say what a call expects. */
  public ScriptRunner with(Layouts known) {
    return new ScriptRunner(gateway, clockOffsetMs, movedMs, observer, time, known, log);
  }

  /**
   * What the reply says; each subscription is one call. Fails with the exceptions of the store's
   * port.
   */
  public <R> Uni<R> run(ScriptCall<R> call) {
    return run(call, Replication.NONE);
  }

  /** The same, once replicas have what it wrote. Otherwise it may be written or not. */
  public <R> Uni<R> run(ScriptCall<R> call, Replication replication) {
    Uni<Reply> attempt = Uni.createFrom().deferred(() -> send(call, replication));
    return attempt
        .onFailure(StaleLayoutException.class)
        .recoverWithUni(stale -> settle(call, stale).chain(() -> attempt))
        .map(
            reply -> {
              time.observe(reply.nowUs());
              return read(call, reply);
            })
        .onFailure(failure -> isOfData(call, failure))
        .recoverWithUni(failure -> damage(call, failure));
  }

  private <R> R read(ScriptCall<R> call, Reply reply) {
    try {
      R result = call.read(reply);
      if (reply.leftOut() > 0 && call instanceof ShardCall<?> ofShard) {
        log.met(StoreDataException.ofShard(ofShard.shard(), "", LEFT_OUT));
      }
      return result;
    } catch (StoreReplyException e) {
      throw e;
    } catch (RuntimeException e) {
      // A number that is none, a code that this version does not know.
      throw new StoreReplyException("a reply of Redis cannot be read", e);
    }
  }

  /** Names in the log what cannot be read, once for all that share it. */
  public void met(Throwable failure) {
    log.met(failure);
  }

  /** Names in the log what of a shard is damaged though calls go on without it. Does not fail. */
  public Uni<Void> nameDamage(Shard shard) {
    return wrongKey(shard)
        .invoke(key -> key.ifPresent(it -> met(StoreDataException.ofShard(shard, it, PASSED_OVER))))
        .replaceWithVoid();
  }

  /** A deadline by the clock of Redis, ms since the epoch; 0: nobody knows yet. */
  public long at(Deadline deadline) {
    return time.at(deadline);
  }

  /** By when a script that is sent now has a reply, or counts as failed. */
  public Deadline ofReply() {
    return Deadline.in(gateway.timeout());
  }

  private Uni<Void> settle(ScriptCall<?> call, Throwable stale) {
    return call instanceof ShardCall<?> ofShard
        ? layouts.settle(ofShard.shard(), ofShard.makesQueue())
        : Uni.createFrom().failure(stale);
  }

  /** A reply that cannot be read is of a shard that keeps what nobody here wrote, such as an id. */
  private static boolean isOfData(ScriptCall<?> call, Throwable failure) {
    return RedisFailures.isOfData(failure)
        || (call instanceof ShardCall<?> && failure instanceof StoreReplyException);
  }

  /** Names a key only where it is seen to be wrong: whoever deletes another one loses jobs. */
  private <R> Uni<R> damage(ScriptCall<?> call, Throwable failure) {
    String problem = RedisFailures.problem(failure);
    Uni<StoreDataException> damage =
        call instanceof ShardCall<?> ofShard
            ? (call instanceof TypesCall
                    ? Uni.createFrom().item(Optional.<String>empty())
                    : wrongKey(ofShard.shard()))
                .map(key -> StoreDataException.ofShard(ofShard.shard(), key.orElse(""), problem))
            : new SharedKeys(gateway)
                .wrong(call.keys())
                .map(key -> StoreDataException.ofAll(key.orElse(""), problem));
    return damage.invoke(log::met).chain(found -> Uni.createFrom().failure(found));
  }

  private Uni<Optional<String>> wrongKey(Shard shard) {
    return run(new TypesCall(shard.place())).onFailure().recoverWithItem(Optional.empty());
  }

  private Uni<Reply> send(ScriptCall<?> call, Replication replication) {
    Script script = call.script();
    List<byte[]> keys = call.keys();
    long sentMs = movedMs.getAsLong();
    Arguments arguments = new Arguments().add(clockOffsetMs.getAsLong() + sentMs);
    call.addTo(arguments);
    arguments.add(call instanceof ShardCall<?> ofShard ? ofShard.shard().of() : 0);
    long sentNanos = System.nanoTime();
    return gateway
        .send(keys.get(0), request(Command.EVALSHA, script.sha(), keys, arguments), replication)
        .onFailure(RedisFailures::isScriptMissing)
        .recoverWithUni(
            () ->
                gateway.send(
                    keys.get(0),
                    request(Command.EVAL, script.text(), keys, arguments),
                    replication))
        .onFailure(failure -> !RedisFailures.isOfData(failure))
        .transform(RedisFailures::of)
        .onTermination()
        .invoke(() -> observer.called(script.title(), System.nanoTime() - sentNanos))
        .map(response -> new Reply(response, movedMs.getAsLong() - sentMs));
  }

  private static Request request(
      Command command, String script, List<byte[]> keys, Arguments arguments) {
    // The bare client's own request: the wrapped one takes a byte array only by way of a copy.
    var request =
        io.vertx.redis.client.Request.cmd(command.getDelegate()).arg(script).arg(keys.size());
    keys.forEach(request::arg);
    arguments.values().forEach(request::arg);
    return Request.newInstance(request);
  }
}
