package dev.dueline.cli.dev;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@code dueline dev} was told.
 *
 * @param port for gRPC, 0 for any free one; empty: what is configured
 * @param dataDir where the jobs are kept, and stay; empty: in a temporary directory
 * @param testClock whether a test may move the clock
 * @param autoAdvance whether the clock moves by itself; only with a test clock
 */
public record DevOptions(
    Optional<Integer> port, Optional<Path> dataDir, boolean testClock, boolean autoAdvance) {}
