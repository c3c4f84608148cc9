package dev.dueline.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a server that shall not outlive its JVM, with real processes. */
class LeftoversTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  @TempDir Path dir;

  @Test
  void aKilledJvmTakesItsServerAlongAndItsDataStay() throws Exception {
    try (EmbeddingProcess service = EmbeddingProcess.start(Leftovers.DATA, dir)) {
      set(dir, "job", "one");
      assertThat(processes(dir)).isNotEmpty();
      service.kill();
      await("the end of the server").atMost(TIMEOUT).until(() -> processes(dir).isEmpty());
    }
    try (EmbeddedRedis redis = EmbeddedRedis.startBound(dir, Optional.empty())) {
      assertThat(Inline.get(redis, "job")).isEqualTo("one");
    }
  }

  @Test
  void aKilledJvmLeavesNothingOfATemporaryServer() throws Exception {
    try (EmbeddingProcess service = EmbeddingProcess.start(Leftovers.NOTHING, dir)) {
      set(entries().get(0), "job", "one");
      service.kill();
      await("the end of the server").atMost(TIMEOUT).until(() -> processes(dir).isEmpty());
      await("the end of its data").atMost(TIMEOUT).until(() -> entries().isEmpty());
    }
  }

  @Test
  void nothingIsLeftWhereTheServerIsKilledBeforeItsJvm() throws Exception {
    try (EmbeddingProcess service = EmbeddingProcess.start(Leftovers.NOTHING, dir)) {
      ProcessHandle jvm = ProcessHandle.of(service.pid()).orElseThrow();
      assertThat(jvm.descendants()).isNotEmpty();
      jvm.descendants().forEach(ProcessHandle::destroyForcibly);
      service.kill();
      await("the end of the server").atMost(TIMEOUT).until(() -> processes(dir).isEmpty());
      await("the end of its data").atMost(TIMEOUT).until(() -> entries().isEmpty());
    }
  }

  @Test
  void nothingIsLeftOfATemporaryServerThatIsClosed() {
    EmbeddedRedis redis = EmbeddedRedis.startTemporary("leftovers-", Optional.empty());
    assertThat(redis.dataDir()).isDirectory();
    redis.close();
    assertThat(redis.dataDir()).doesNotExist();
    await("the end of its watcher")
        .atMost(TIMEOUT)
        .until(() -> processes(redis.dataDir()).isEmpty());
  }

  @Test
  void aTemporaryServerThatEndsByItselfIsThereAgainWithItsData() throws Exception {
    try (EmbeddedRedis redis = EmbeddedRedis.startTemporary("leftovers-", Optional.empty())) {
      Inline.set(redis, "job", "one");
      ProcessHandle server = ProcessHandle.of(state(redis.dataDir()).pid()).orElseThrow();
      server.destroyForcibly();
      await("another server")
          .atMost(TIMEOUT)
          .until(
              () ->
                  state(redis.dataDir()).pid() != server.pid()
                      && RedisProbe.ping(redis.port(), state(redis.dataDir()).password())
                          == RedisProbe.Answer.READY);
      assertThat(Inline.get(redis, "job")).isEqualTo("one");
    }
  }

  private static void set(Path dataDir, String key, String value) throws IOException {
    ServerState state = state(dataDir);
    Inline.call(
        URI.create("redis://:" + state.password() + "@127.0.0.1:" + state.port()),
        "SET " + key + " " + value,
        1);
  }

  private static ServerState state(Path dataDir) {
    return ServerState.read(dataDir.resolve("state")).orElseThrow();
  }

  private List<Path> entries() throws IOException {
    try (Stream<Path> entries = Files.list(dir)) {
      return entries.filter(entry -> entry.getFileName().toString().startsWith("e")).toList();
    }
  }

  /** Servers and watchers: whoever names the directory. */
  private static List<ProcessHandle> processes(Path named) {
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().commandLine().orElse("").contains(named.toString()))
        .toList();
  }
}
