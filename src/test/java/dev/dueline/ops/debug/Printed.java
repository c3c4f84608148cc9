package dev.dueline.ops.debug;

import dev.dueline.cli.debug.ShardQuery;
import dev.dueline.cli.text.Console;
import dev.dueline.store.redis.TestRedis;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What {@link ShardDebug} printed of a Redis. */
final class Printed {
  private final Supplier<TestRedis> redis;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /**
   * Nothing yet.
   *
   * @param redis the one to print of, once it has started
   */
  Printed(Supplier<TestRedis> redis) {
    this.redis = redis;
  }

  ShardQuery query(String queue, Optional<String> job, int most, boolean withPayload) {
    return new ShardQuery(
        new ShardQuery.Redis(
            redis.get().address(), "standalone", "mymaster", Duration.ofSeconds(60)),
        queue,
        Optional.empty(),
        job,
        most,
        withPayload);
  }

  /** Prints, and gives the exit code. */
  int print(ShardQuery query) {
    return ShardDebug.print(query, console());
  }

  int print(ShardQuery query, String password) {
    return ShardDebug.print(query, password, console());
  }

  private Console console() {
    return new Console(
        InputStream.nullInputStream(), new PrintWriter(out, true), new PrintWriter(err, true));
  }

  List<String> lines() {
    return out.toString().lines().toList();
  }

  String notes() {
    return err.toString();
  }
}
