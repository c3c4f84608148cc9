package dev.dueline.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a start finds that follows a JVM killed at some instruction, or one that lives. */
class TakeoverTest {
  @TempDir Path dir;

  @Test
  void endsTheServerOfAKilledJvmAndKeepsItsData() throws Exception {
    ServerState orphan = orphanWithJob();
    try (EmbeddedRedis redis = EmbeddedRedis.start(dir, Optional.empty())) {
      assertThat(answer(orphan)).isEqualTo(RedisProbe.Answer.NONE);
      assertThat(Inline.get(redis, "job")).isEqualTo("one");
    }
  }

  @Test
  void endsAServerWhoseProcessWasNotRecordedYet() throws Exception {
    ServerState state = orphanWithJob();
    write(new ServerState(state.executable(), state.port(), state.password(), 0, 0));
    try (EmbeddedRedis redis = EmbeddedRedis.start(dir, Optional.empty())) {
      assertThat(answer(state)).isEqualTo(RedisProbe.Answer.NONE);
      assertThat(Inline.get(redis, "job")).isEqualTo("one");
    }
  }

  @Test
  void endsAServerThoughTheClockWasSet() throws Exception {
    ServerState state = orphanWithJob();
    write(
        new ServerState(
            state.executable(), state.port(), state.password(), state.pid(), 3_600_000L));
    try (EmbeddedRedis redis = EmbeddedRedis.start(dir, Optional.empty())) {
      assertThat(answer(state)).isEqualTo(RedisProbe.Answer.NONE);
      assertThat(Inline.get(redis, "job")).isEqualTo("one");
    }
  }

  @Test
  void neverEndsAnotherProcessWithTheRecordedPid() throws Exception {
    Process stranger = new ProcessBuilder("sleep", "600").start();
    try {
      ServerState recycled =
          new ServerState(dir.resolve("redis-server").toString(), 1, "none", 0, 0)
              .of(stranger.toHandle());
      assertStrangerSurvives(stranger, recycled);
    } finally {
      stranger.destroyForcibly().waitFor();
    }
  }

  @Test
  void neverEndsAYoungerProcessOfTheSameExecutable() throws Exception {
    Process stranger = new ProcessBuilder("sleep", "600").start();
    try {
      String executable = stranger.info().command().orElseThrow();
      long startedMs = stranger.info().startInstant().orElseThrow().toEpochMilli();
      assertStrangerSurvives(
          stranger, new ServerState(executable, 1, "none", stranger.pid(), startedMs - 60_000));
    } finally {
      stranger.destroyForcibly().waitFor();
    }
  }

  @Test
  void startsOverABrokenStateFile() throws Exception {
    EmbeddedRedis.start(dir, Optional.empty()).close();
    Files.writeString(dir.resolve("state"), "pid=\\u00");
    EmbeddedRedis.start(dir, Optional.empty()).close();
  }

  @Test
  void isRefusedWhileAnotherProcessUsesTheDirectory() throws Exception {
    try (EmbeddingProcess service = EmbeddingProcess.start(dir)) {
      assertThatThrownBy(() -> EmbeddedRedis.start(dir, Optional.empty()))
          .isInstanceOf(EmbeddedRedisException.class)
          .hasMessageContaining("in use by process " + service.pid())
          .hasMessageContaining("dueline.embedded.data-dir")
          .hasMessageContaining("quarkus.redis.hosts");
      awaitReady(ServerState.read(dir.resolve("state")).orElseThrow());
    }
    EmbeddedRedis.start(dir, Optional.empty()).close();
  }

  /** A server with the key "job" = "one", whose JVM is gone. */
  private ServerState orphanWithJob() throws Exception {
    try (EmbeddingProcess service = EmbeddingProcess.start(dir)) {
      ServerState state = ServerState.read(dir.resolve("state")).orElseThrow();
      Inline.call(
          URI.create("redis://:" + state.password() + "@127.0.0.1:" + service.port()),
          "SET job one",
          1);
      service.kill();
      awaitReady(state);
      return state;
    }
  }

  /** One that is slow to answer lives, too. */
  private static void awaitReady(ServerState state) {
    await().atMost(Duration.ofMinutes(1)).until(() -> answer(state) == RedisProbe.Answer.READY);
  }

  private static RedisProbe.Answer answer(ServerState state) {
    return RedisProbe.ping(state.port(), state.password());
  }

  private void assertStrangerSurvives(Process stranger, ServerState state) throws Exception {
    EmbeddedRedis.start(dir, Optional.empty()).close();
    write(state);
    try (EmbeddedRedis redis = EmbeddedRedis.start(dir, Optional.empty())) {
      assertThat(redis.port()).isPositive();
      assertThat(stranger.isAlive()).isTrue();
    }
  }

  private void write(ServerState state) throws Exception {
    Files.writeString(dir.resolve("state"), state.text());
  }
}
