package dev.dueline.cli;

import dev.dueline.cli.debug.ShardView;
import dev.dueline.cli.dev.DevStart;

/**
 * What commands need of the service's own code, of which the command line knows nothing.
 *
 * @param dev what {@code dev} starts
 * @param shards what {@code debug shard} prints
 */
public record ServiceSide(DevStart dev, ShardView shards) {}
