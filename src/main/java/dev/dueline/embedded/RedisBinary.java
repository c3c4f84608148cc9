package dev.dueline.embedded;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the {@code redis-server} to run: a given one, or that of the class path for this machine.
 */
final class RedisBinary {
  /** What org.signal:embedded-redis carries in the version that pom.xml names. */
  private static final String VERSION = "7.0.15";

  private static final Set<String> SUPPORTED =
      Set.of("linux-amd64", "linux-arm64", "linux-386", "darwin-amd64", "darwin-arm64");

  private static final int CHUNK_BYTES = 64 * 1024;

  private RedisBinary() {}

  /**
   * The absolute path of a binary that the configuration names. Links stay: Debian's {@code
   * redis-server} is one to {@code redis-check-rdb}, and acts by the name it is called by.
   */
  static Path given(Path binary) {
    if (Files.isRegularFile(binary) && Files.isExecutable(binary)) {
      requireTrusted(binary);
      return binary.toAbsolutePath().normalize();
    }
    throw new EmbeddedRedisException(
        "dueline.embedded.redis-server is not an executable file: " + binary);
  }

  private static void requireTrusted(Path binary) {
    try {
      TrustedPath.require(binary);
    } catch (UntrustedPathException e) {
      throw new EmbeddedRedisException(
          "dueline.embedded.redis-server cannot be trusted: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new EmbeddedRedisException("Cannot look at " + binary + ": " + e, e);
    }
  }

  /** Writes the binary for this machine into a directory, unless it is there already. */
  static Path extract(Path directory) {
    String platform =
        platform(System.getProperty("os.name", ""), System.getProperty("os.arch", ""))
            .orElseThrow(() -> unsupported("no redis-server for this operating system"));
    String name = resource(platform);
    Path target = directory.resolve(name);
    try {
      if (!holdsSame(target, name)) {
        write(target, name);
      }
      return target;
    } catch (IOException e) {
      throw new EmbeddedRedisException("cannot write " + target + ": " + e, e);
    }
  }

  /** The suffix of the binary for a machine, as the JDK names its system and processor. */
  static Optional<String> platform(String osName, String osArch) {
    String system = osName.toLowerCase(Locale.ROOT);
    String os = system.startsWith("mac") ? "darwin" : system;
    String arch =
        switch (osArch.toLowerCase(Locale.ROOT)) {
          case "amd64", "x86_64" -> "amd64";
          case "aarch64", "arm64" -> "arm64";
          case "i386", "i686", "x86" -> "386";
          default -> osArch;
        };
    return Optional.of(os + "-" + arch).filter(SUPPORTED::contains);
  }

  /** The class path resource for a platform. */
  static String resource(String platform) {
    return "redis-server-" + VERSION + "-" + platform;
  }

  private static InputStream open(String name) {
    InputStream resource = RedisBinary.class.getResourceAsStream("/" + name);
    if (resource == null) {
      throw unsupported(name + " is not part of this build");
    }
    return new BufferedInputStream(resource, CHUNK_BYTES);
  }

  private static boolean holdsSame(Path file, String name) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || !Files.isExecutable(file)) {
      return false;
    }
    try (InputStream there = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
        InputStream wanted = open(name)) {
      byte[] chunk;
      do {
        chunk = wanted.readNBytes(CHUNK_BYTES);
        if (!Arrays.equals(chunk, there.readNBytes(CHUNK_BYTES))) {
          return false;
        }
      } while (chunk.length > 0);
      return true;
    }
  }

  private static void write(Path target, String name) throws IOException {
    Path part = target.resolveSibling(name + ".part");
    Files.deleteIfExists(part);
    Files.createFile(
        part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    try (InputStream from = open(name);
        OutputStream to =
            Files.newOutputStream(part, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      from.transferTo(to);
    }
    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Says what to do on a machine that no binary fits. */
  static EmbeddedRedisException unsupported(String why) {
    return new EmbeddedRedisException(
        "The embedded Redis cannot run on %s/%s: %s. Set quarkus.redis.hosts (in the environment:"
                .formatted(System.getProperty("os.name"), System.getProperty("os.arch"), why)
            + " QUARKUS_REDIS_HOSTS=redis://host:6379) to use a Redis of your own, or"
            + " dueline.embedded.redis-server to a redis-server binary");
  }
}
