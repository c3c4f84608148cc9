package dev.dueline.store.redis.topology;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Response;
import java.util.List;
import java.util.stream.Stream;

/** Where keys are. Fails with the client's own failures; see {@link RedisFailures}. Thread-safe. */
interface Topology {
  /** One command, to the server that holds its key. */
  Uni<Response> send(KeyedRequest keyed);

  /** A server that hears all announcements. */
  Uni<Node> listener();

  /** The groups of shards that share a primary. */
  Uni<List<ShardGroup>> groups();

  /** The servers of data that commands were sent to. */
  Stream<Node> nodes();

  /** Calls back each time when a primary has changed. Any thread. */
  void onMoved(Runnable listener);

  /** Ends all connections. */
  void close();
}
