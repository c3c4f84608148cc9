package dev.dueline.cli.debug;

import dev.dueline.cli.remote.ConnectionOptions;
import dev.dueline.cli.text.Console;
import dev.dueline.cli.text.IdText;
import dev.dueline.cli.text.UsageException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints what Redis has of a shard, or of a job. */
@Command(
    name = "shard",
    description = {
      "Prints the keys of a shard, or with --job all that is kept of a job, as Redis has them.",
      "Reads only, each key at its own moment; it needs no service."
    })
final class ShardCommand implements Callable<Integer> {
  private static final int LARGEST_SHARD = 0xFFFF;
  private static final int MOST = 1_000;

  private final Console console;
  private final ConnectionOptions connection;
  private final ShardView shards;

  @Parameters(
      index = "0",
      paramLabel = "QUEUE",
      converter = IdText.Reader.class,
      description = "The queue.")
  private String queue = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "SHARD",
      description = "The number of the shard, from 0. Left out: that of the job, or 0.")
  private @Nullable Integer shard;

  @Option(
      names = "--redis",
      paramLabel = "URL",
      defaultValue = "${env:QUARKUS_REDIS_HOSTS:-redis://127.0.0.1:6379}",
      description = {
        "Where Redis is, as in quarkus.redis.hosts (env QUARKUS_REDIS_HOSTS, which other users of"
            + " the machine cannot see):",
        "redis://127.0.0.1:6379, if nothing is set. The password of URLs without one: env"
            + " QUARKUS_REDIS_PASSWORD."
      })
  private String redis = "";

  @Option(
      names = "--redis-type",
      paramLabel = "TYPE",
      defaultValue = "${env:QUARKUS_REDIS_CLIENT_TYPE:-standalone}",
      description =
          "standalone, sentinel or cluster (env QUARKUS_REDIS_CLIENT_TYPE): ${DEFAULT-VALUE}.")
  private String type = "";

  @Option(
      names = "--redis-master",
      paramLabel = "NAME",
      defaultValue = "${env:QUARKUS_REDIS_MASTER_NAME:-mymaster}",
      description =
          "How sentinels call the primary (env QUARKUS_REDIS_MASTER_NAME): ${DEFAULT-VALUE}.")
  private String master = "";

  @Option(
      names = "--job",
      paramLabel = "ID",
      converter = IdText.Reader.class,
      description = "Shows that job, with all that its record says.")
  private @Nullable String job;

  @Option(
      names = "--first",
      paramLabel = "N",
      defaultValue = "10",
      description = "Entries of each key, up to 1000: ${DEFAULT-VALUE}.")
  private int first;

  @Option(
      names = "--payload",
      description =
          "Shows the job's payload, or the bytes of a record that cannot be read, and not the"
              + " length alone.")
  private boolean withPayload;

  ShardCommand(Console console, ConnectionOptions connection, ShardView shards) {
    this.console = console;
    this.connection = connection;
    this.shards = shards;
  }

  @Override
  public Integer call() {
    if (shard != null && (shard < 0 || shard > LARGEST_SHARD)) {
      throw new UsageException("SHARD: 0 to " + LARGEST_SHARD);
    }
    if (first < 1 || first > MOST) {
      throw new UsageException("--first: 1 to " + MOST);
    }
    return shards.print(
        new ShardQuery(
            new ShardQuery.Redis(redis, type, master, connection.timeout()),
            queue,
            Optional.ofNullable(shard),
            Optional.ofNullable(job),
            first,
            withPayload),
        console);
  }
}
