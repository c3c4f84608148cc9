package dev.dueline.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisBinaryTest {
  @TempDir Path temp;

  @ParameterizedTest
  @CsvSource({
    "Linux, amd64, linux-amd64",
    "Linux, aarch64, linux-arm64",
    "Linux, i386, linux-386",
    "Mac OS X, x86_64, darwin-amd64",
    "Mac OS X, aarch64, darwin-arm64"
  })
  void isOnTheClassPath(String osName, String osArch, String platform) {
    assertThat(RedisBinary.platform(osName, osArch)).contains(platform);
    assertThat(getClass().getResource("/" + RedisBinary.resource(platform))).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({"Windows 11, amd64", "Linux, s390x", "Mac OS X, ppc"})
  void doesNotExistForOtherMachines(String osName, String osArch) {
    assertThat(RedisBinary.platform(osName, osArch)).isEmpty();
    assertThat(RedisBinary.unsupported("no redis-server for this operating system"))
        .hasMessageContaining("quarkus.redis.hosts")
        .hasMessageContaining("QUARKUS_REDIS_HOSTS");
  }

  @Test
  void keepsTheNameOfALink() throws Exception {
    Path link = Files.createSymbolicLink(temp.resolve("redis-server"), RedisBinary.extract(temp));
    assertThat(RedisBinary.given(link)).isEqualTo(link);
  }

  @Test
  void isWrittenOnceAndMendedIfItDiffers() throws Exception {
    Path binary = RedisBinary.extract(temp);
    long size = Files.size(binary);
    FileTime old = FileTime.fromMillis(0);
    Files.setLastModifiedTime(binary, old);
    assertThat(Files.getLastModifiedTime(RedisBinary.extract(temp))).isEqualTo(old);
    Files.writeString(binary, "cut off");
    assertThat(Files.size(RedisBinary.extract(temp))).isEqualTo(size);
    assertThat(Files.isExecutable(binary)).isTrue();
  }
}
