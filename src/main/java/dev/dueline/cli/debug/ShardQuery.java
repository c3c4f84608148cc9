package dev.dueline.cli.debug;

import java.time.Duration;
import java.util.Optional;

/**
 * What to show of Redis.
 *
 * @param redis one or more addresses
 * @param queue whose shard it is
 * @param shard its number; empty: that of the job, or 0
 * @param jobId which job to show; empty: the shard
 * @param most entries of each key
 * @param withPayload whether the payload of a job is shown, and not its length alone
 */
public record ShardQuery(
    Redis redis,
    String queue,
    Optional<Integer> shard,
    Optional<String> jobId,
    int most,
    boolean withPayload) {

  /**
   * Where Redis is.
   *
   * @param hosts URLs, with commas between
   * @param type standalone, sentinel or cluster
   * @param masterName the name under which sentinels know the primary
   * @param timeout after which a command without a reply fails
   */
  public record Redis(String hosts, String type, String masterName, Duration timeout) {}
}
