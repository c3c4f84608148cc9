package dev.dueline.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedRedisTest {
  /** A close waits no longer; a server that takes longer ends by itself. */
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

  @TempDir Path temp;

  @Test
  void keepsItsDataOverARestart() throws Exception {
    Path dir = temp.resolve("a \"quoted\" né directory");
    try (EmbeddedRedis redis = start(dir)) {
      Inline.set(redis, "job", "one");
    }
    try (EmbeddedRedis redis = start(dir)) {
      assertThat(Inline.get(redis, "job")).isEqualTo("one");
      if (isClosedInTime(redis)) {
        assertThat(dir.resolve("state")).doesNotExist();
      }
    }
  }

  @Test
  void isDurableAndPrivate() throws Exception {
    Path dir = temp.resolve("data");
    try (EmbeddedRedis redis = start(dir)) {
      assertThat(Inline.config(redis, "appendonly")).isEqualTo("yes");
      assertThat(Inline.config(redis, "appendfsync")).isEqualTo("everysec");
      assertThat(Inline.config(redis, "maxmemory-policy")).isEqualTo("noeviction");
      assertThat(Inline.config(redis, "bind")).isEqualTo("127.0.0.1");
      assertThat(permissions(dir)).isEqualTo("rwx------");
      assertThat(permissions(dir.resolve("redis.conf"))).isEqualTo("rw-------");
      assertThat(permissions(dir.resolve("state"))).isEqualTo("rw-------");
      assertThat(RedisProbe.ping(redis.port(), "wrong")).isEqualTo(RedisProbe.Answer.NONE);
      ProcessHandle child = child();
      String password = redis.hosts().getUserInfo().substring(1);
      assertThat(child.info().commandLine().orElse("")).doesNotContain(password);
    }
  }

  @Test
  void hasAnotherPasswordEachStart() {
    String first;
    try (EmbeddedRedis redis = start(temp.resolve("data"))) {
      first = redis.hosts().getUserInfo();
    }
    try (EmbeddedRedis redis = start(temp.resolve("data"))) {
      assertThat(redis.hosts().getUserInfo()).hasSize(":".length() + 48).isNotEqualTo(first);
    }
  }

  @Test
  void endsItsProcessOnClose() {
    EmbeddedRedis redis = start(temp.resolve("data"));
    ProcessHandle child = child();
    if (isClosedInTime(redis)) {
      assertThat(child.isAlive()).isFalse();
    }
    redis.close();
    await().atMost(Duration.ofMinutes(1)).until(() -> !child.isAlive());
  }

  private static boolean isClosedInTime(EmbeddedRedis redis) {
    long begin = System.nanoTime();
    redis.close();
    return System.nanoTime() - begin < STOP_TIMEOUT.toNanos();
  }

  @Test
  void takesAnotherPortIfTheFirstIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      List<Integer> tried = new ArrayList<>();
      IntSupplier ports =
          () -> {
            // Somebody else may take a free one, too, before Redis does.
            tried.add(tried.isEmpty() ? taken.getLocalPort() : freePort());
            return tried.get(tried.size() - 1);
          };
      try (EmbeddedRedis redis =
          EmbeddedRedis.start(
              DataDirectory.open(temp.resolve("data"), Leftovers.SERVER_AND_DATA),
              Optional.empty(),
              ports)) {
        assertThat(redis.port()).isEqualTo(tried.get(tried.size() - 1));
        assertThat(redis.port()).isNotEqualTo(taken.getLocalPort());
      }
    }
  }

  private static int freePort() {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void waitsWhileItLoads() throws Exception {
    Path dir = temp.resolve("data");
    try (EmbeddedRedis redis = start(dir)) {
      for (int i = 0; i < 10; i++) {
        Inline.set(redis, "job" + i, "payload");
      }
    }
    Path slow =
        script(
            "exec '%s' \"$@\" --key-load-delay 100000 --loading-process-events-interval-bytes 1024"
                .formatted(RedisBinary.extract(dir)));
    long before = System.nanoTime();
    try (EmbeddedRedis redis = EmbeddedRedis.start(dir, Optional.of(slow))) {
      assertThat(System.nanoTime() - before).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(900));
      assertThat(Inline.get(redis, "job9")).isEqualTo("payload");
    }
  }

  @Test
  void saysWhyTheServerDied() throws Exception {
    Path binary = script("echo 'the disk is on fire'; exit 3");
    assertThatThrownBy(() -> EmbeddedRedis.start(temp.resolve("data"), Optional.of(binary)))
        .isInstanceOf(EmbeddedRedisException.class)
        .hasMessageContaining("code 3")
        .hasMessageContaining("the disk is on fire");
    start(temp.resolve("data")).close();
  }

  @Test
  void saysThatItsDataIsBroken() throws Exception {
    Path dir = temp.resolve("data");
    start(dir).close();
    Files.writeString(dir.resolve("appendonlydir/appendonly.aof.manifest"), "nonsense\n");
    assertThatThrownBy(() -> start(dir)).hasMessageContaining("AOF manifest");
  }

  @Test
  void refusesABinaryThatIsNone() {
    assertThatThrownBy(() -> EmbeddedRedis.start(temp.resolve("data"), Optional.of(temp)))
        .hasMessageContaining("dueline.embedded.redis-server")
        .hasMessageContaining(temp.toString());
  }

  private Path script(String body) throws Exception {
    Path file = Files.writeString(temp.resolve("redis.sh"), "#!/bin/sh\n" + body + "\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  private ProcessHandle child() {
    return ProcessHandle.current()
        .children()
        .filter(process -> process.info().command().orElse("").startsWith(temp.toString()))
        .findFirst()
        .orElseThrow();
  }

  private static EmbeddedRedis start(Path dir) {
    return EmbeddedRedis.start(dir, Optional.empty());
  }

  private static String permissions(Path path) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
