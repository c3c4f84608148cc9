package dev.dueline.system.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.system.chaos.nemesis.FaultKind;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Replicas, clients and Redis as processes, everything a client may do at random, and everything
 * around it going wrong; then the history is checked.
 *
 * <p>A short run in every build; a longer one by hand, with {@code -Ddueline.chaos.topology=} and
 * what else {@link Settings} names. {@code -Ddueline.test.seed=} gives the same faults again.
 */
class ChaosIT {
  /** ms within which deliveries go on once Redis is back, where that is judged. */
  private static final long LONGEST_RESUME_MS = 1_000;

  static List<Settings> runs() {
    return Settings.byHand()
        .map(List::of)
        .orElseGet(
            () ->
                List.of(
                    Settings.brief(
                        "single", "REDIS_KILL,REDIS_STOP,PARTITION_SWALLOW,MEMORY_FULL", 9),
                    Settings.brief("sentinel", "REDIS_KILL_FAILOVER,REPLICA_KILL,REPLICA_STOP", 8),
                    Settings.brief("cluster", "REDIS_KILL_FAILOVER,FAILOVER", 6)));
  }

  @ParameterizedTest
  @MethodSource("runs")
  void everyPromiseIsKept(Settings settings, @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path data)
      throws Exception {
    ChaosRun.Result result = new ChaosRun(settings).run(data);
    assertThat(result.verdict().broken()).isEmpty();
    if (settings.topology().equals("replicated")) {
      assertThat(result.verdict().explained()).doesNotContainKey(Verdict.LOST);
    }
    if (settings.faults().equals("none")) {
      assertThat(result.foundOverdue()).isZero();
    }
    if (settings.isResumeJudged()) {
      Stream.of(FaultKind.values())
          .filter(FaultKind::isRedisAway)
          .forEach(
              kind ->
                  assertThat(Timings.max(result.timings().resumeMs(kind)))
                      .as("resume after %s", kind)
                      .isLessThanOrEqualTo(LONGEST_RESUME_MS));
    }
  }
}
