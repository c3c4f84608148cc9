package dev.dueline.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that ends by itself, with real processes. */
class SupervisionTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  /** A close waits no longer; a server that takes longer ends by itself. */
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

  @TempDir Path dir;

  @Test
  void aKilledServerIsThereAgainWithItsDataAndAddress() throws Exception {
    try (CapturedLog log = CapturedLog.of(Supervision.class);
        EmbeddedRedis redis = EmbeddedRedis.start(dir, Optional.empty())) {
      Inline.set(redis, "job", "one");
      for (int kills = 1; kills <= 2; kills++) {
        kill();
        await("another server").atMost(TIMEOUT).until(() -> isReady(redis));
        assertThat(Inline.get(redis, "job")).isEqualTo("one");
        // Before it is known to run again, its end is one of a server that does not start.
        await("a line").atMost(TIMEOUT).until(() -> log.messages(Level.INFO).size() == 1);
      }
      // Nothing is said again that has been said.
      assertThat(log.messages(Level.SEVERE))
          .singleElement()
          .asString()
          .contains("ended by itself with code 137", "redis.log");
      assertCloses(redis);
    }
  }

  @Test
  void oneThatCannotStartIsTriedUntilItCan() throws Exception {
    try (CapturedLog log = CapturedLog.of(Supervision.class);
        EmbeddedRedis redis = EmbeddedRedis.start(dir, Optional.empty())) {
      Inline.set(redis, "job", "one");
      Path manifest = dir.resolve("appendonlydir/appendonly.aof.manifest");
      Path saved = Files.copy(manifest, dir.resolve("saved"));
      Files.writeString(manifest, "nonsense\n");
      kill();
      await("tries")
          .atMost(TIMEOUT)
          .until(() -> log.messages(Level.SEVERE).toString().contains("does not start again"));
      int said = log.messages(Level.SEVERE).size();
      assertThat(log.messages(Level.SEVERE).get(said - 1)).contains("AOF manifest");
      long tries = Files.getLastModifiedTime(dir.resolve("redis.conf")).toMillis();
      await("more tries")
          .atMost(TIMEOUT)
          .until(() -> Files.getLastModifiedTime(dir.resolve("redis.conf")).toMillis() > tries);
      assertThat(log.messages(Level.SEVERE)).hasSize(said);

      Files.move(saved, manifest, StandardCopyOption.REPLACE_EXISTING);
      await("the server").atMost(TIMEOUT).until(() -> isReady(redis));
      assertThat(Inline.get(redis, "job")).isEqualTo("one");
      await("a line").atMost(TIMEOUT).until(() -> !log.messages(Level.INFO).isEmpty());
    }
  }

  @Test
  void closingAtAnyMomentOfARestartLeavesNoServer() throws Exception {
    for (int delayMs = 0; delayMs <= 200; delayMs += 20) {
      EmbeddedRedis redis = EmbeddedRedis.start(dir, Optional.empty());
      kill();
      new CountDownLatch(1).await(delayMs, TimeUnit.MILLISECONDS);
      assertCloses(redis);
    }
    EmbeddedRedis.start(dir, Optional.empty()).close();
  }

  /** Nothing is left; of a server that takes its time to end, nothing is left once it has. */
  private void assertCloses(EmbeddedRedis redis) {
    long begin = System.nanoTime();
    redis.close();
    if (System.nanoTime() - begin < STOP_TIMEOUT.toNanos()) {
      assertThat(children()).isEmpty();
      assertThat(dir.resolve("state")).doesNotExist();
    }
    await("no server").atMost(TIMEOUT).until(() -> children().isEmpty());
  }

  private static boolean isReady(EmbeddedRedis redis) {
    String password = redis.hosts().getUserInfo().substring(1);
    return RedisProbe.ping(redis.port(), password) == RedisProbe.Answer.READY;
  }

  private void kill() {
    ProcessHandle running = children().get(0);
    running.destroyForcibly();
    running.onExit().join();
  }

  private List<ProcessHandle> children() {
    return ProcessHandle.current()
        .children()
        .filter(process -> process.info().command().orElse("").startsWith(dir.toString()))
        .toList();
  }
}
