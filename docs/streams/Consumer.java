import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.Transaction;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.XAutoClaimParams;
import redis.clients.jedis.params.XReadGroupParams;
import redis.clients.jedis.resps.StreamEntry;

/**
 * Does the jobs that Dueline moves to Redis Streams. Needs Jedis.
 *
 * <pre>
 * usage: java -cp ... Consumer.java REDIS_URL GROUP CONSUMER STREAM_KEY...
 *        IDLE_MS: after how long a job is taken from a consumer that has not finished it (60000)
 * </pre>
 */
public final class Consumer {
  private static final int BATCH = 16;
  private static final int WAIT_MS = 1_000;

  /** Longer than a job ever takes: who has not finished by then is dead. */
  private static final long IDLE_MS =
      Long.parseLong(System.getenv().getOrDefault("IDLE_MS", "60000"));

  private final Jedis server;
  private final String group;

  private Consumer(Jedis server, String group) {
    this.server = server;
    this.group = group;
  }

  /** The work. It may come again, so it must not matter if it was done before. */
  private static void work(Map<String, String> job) {
    System.out.println(job.get("id"));
  }

  private void finish(String key, List<StreamEntry> entries) {
    for (StreamEntry entry : entries) {
      work(entry.getFields());
      // XACK ends the job; XDEL makes room for the next one.
      try (Transaction both = server.multi()) {
        both.xack(key, group, entry.getID());
        both.xdel(key, entry.getID());
        both.exec();
      }
    }
  }

  private void consume(String name, List<String> keys) {
    for (String key : keys) {
      try {
        server.xgroupCreate(key, group, new StreamEntryID(0, 0), true);
      } catch (JedisDataException e) {
        if (!e.getMessage().startsWith("BUSYGROUP")) {
          throw e;
        }
      }
    }
    Map<String, StreamEntryID> fresh =
        keys.stream()
            .collect(Collectors.toMap(key -> key, key -> StreamEntryID.XREADGROUP_UNDELIVERED_ENTRY));
    while (true) {
      for (String key : keys) {
        StreamEntryID begin = new StreamEntryID(0, 0);
        XAutoClaimParams most = new XAutoClaimParams().count(BATCH);
        finish(key, server.xautoclaim(key, group, name, IDLE_MS, begin, most).getValue());
      }
      XReadGroupParams wait = new XReadGroupParams().count(BATCH).block(WAIT_MS);
      List<Map.Entry<String, List<StreamEntry>>> read = server.xreadGroup(group, name, wait, fresh);
      if (read != null) {
        read.forEach(stream -> finish(stream.getKey(), stream.getValue()));
      }
    }
  }

  public static void main(String... args) {
    try (Jedis server = new Jedis(args[0])) {
      List<String> keys = Stream.of(args).skip(3).toList();
      new Consumer(server, args[1]).consume(args[2], keys);
    }
  }
}
