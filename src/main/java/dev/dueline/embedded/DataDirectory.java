package dev.dueline.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The directory of one embedded Redis, locked for as long as this object is open. */
final class DataDirectory implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(DataDirectory.class);
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> OWNER_FILE =
      PosixFilePermissions.fromString("rw-------");

  /** What a directory of ours has in it, though it may be a fresh one or a restored backup. */
  private static final Set<String> OURS = Set.of("lock", "appendonlydir", "appendonly.aof");

  /**
   * Marks a directory as held, in the system properties since all class loaders share them. POSIX
   * drops a process's lock when it closes <em>any</em> descriptor of the file, so within one JVM
   * the lock file must not even be opened twice.
   */
  private static final String HELD = DataDirectory.class.getName() + ".held:";

  private final Path path;
  private final Leftovers leftovers;
  private final FileChannel channel;

  private DataDirectory(Path path, Leftovers leftovers, FileChannel channel) {
    this.path = path;
    this.leftovers = leftovers;
    this.channel = channel;
  }

  /** Creates the directory if it is missing, and locks it. */
  static DataDirectory open(Path wanted, Leftovers leftovers) {
    Path path = create(wanted.toAbsolutePath().normalize());
    String mark = HELD + path;
    if (System.getProperties().putIfAbsent(mark, "") != null) {
      throw inUse(path, "this process");
    }
    FileChannel channel = null;
    boolean locked = false;
    try {
      channel =
          FileChannel.open(
              path.resolve("lock"),
              Set.of(
                  StandardOpenOption.CREATE,
                  StandardOpenOption.READ,
                  StandardOpenOption.WRITE,
                  LinkOption.NOFOLLOW_LINKS),
              PosixFilePermissions.asFileAttribute(OWNER_FILE));
      locked = lock(path, channel);
      return new DataDirectory(path, leftovers, channel);
    } catch (IOException e) {
      throw unusable(path, e);
    } finally {
      if (!locked) {
        System.clearProperty(mark);
        closeQuietly(channel);
      }
    }
  }

  /** Creates a directory that is removed when it is closed, and locks it. */
  static DataDirectory temporary(String prefix) {
    try {
      Path path = Files.createTempDirectory(prefix);
      DataDirectory opened = null;
      try {
        opened = open(path, Leftovers.NOTHING);
        return opened;
      } finally {
        if (opened == null) {
          Files.deleteIfExists(path);
        }
      }
    } catch (IOException e) {
      throw new EmbeddedRedisException(
          "Cannot make a directory in " + System.getProperty("java.io.tmpdir") + ": " + e, e);
    }
  }

  Path path() {
    return path;
  }

  Leftovers leftovers() {
    return leftovers;
  }

  Path state() {
    return path.resolve("state");
  }

  Path log() {
    return path.resolve("redis.log");
  }

  /** Writes a file that only its owner can read, whole or not at all. */
  Path write(String name, String text) {
    Path file = path.resolve(name);
    Path part = path.resolve(name + ".part");
    try {
      Files.deleteIfExists(part);
      Files.createFile(part, PosixFilePermissions.asFileAttribute(OWNER_FILE));
      Files.writeString(part, text, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
      return Files.move(
          part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new EmbeddedRedisException("cannot write " + file + ": " + e, e);
    }
  }

  /** Makes an empty log, and keeps the one before. */
  void beginLog() throws IOException {
    Path log = log();
    if (Files.exists(log, LinkOption.NOFOLLOW_LINKS)) {
      Files.move(log, path.resolve("redis.log.1"), StandardCopyOption.REPLACE_EXISTING);
    }
    Files.createFile(log, PosixFilePermissions.asFileAttribute(OWNER_FILE));
  }

  void writeState(ServerState state) {
    write("state", state.text());
  }

  void deleteState() {
    try {
      Files.deleteIfExists(state());
    } catch (IOException e) {
      throw new EmbeddedRedisException("cannot remove " + state() + ": " + e, e);
    }
  }

  /** Gives the directory to the next who wants it, or removes it where nothing shall be left. */
  @Override
  public void close() {
    if (leftovers == Leftovers.NOTHING) {
      remove();
    }
    closeQuietly(channel);
    System.clearProperty(HELD + path);
  }

  private void remove() {
    try (Stream<Path> contents = Files.walk(path)) {
      for (Path each : contents.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (NoSuchFileException e) {
      LOG.debug("It is gone already", e);
    } catch (IOException | UncheckedIOException e) {
      LOG.warnf("Cannot remove %s: %s", path, e);
    }
  }

  private static Path create(Path wanted) {
    if (!wanted.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      throw RedisBinary.unsupported("its files have no POSIX permissions");
    }
    try {
      if (Files.exists(wanted) && !Files.isDirectory(wanted)) {
        throw new EmbeddedRedisException(
            "dueline.embedded.data-dir is not a directory: " + wanted + whatToSet());
      }
      // Nothing is made below a link that somebody else has put there.
      TrustedPath.requireParents(wanted);
      if (Files.notExists(wanted, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectories(wanted, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        TrustedPath.requireParents(wanted);
      }
      TrustedPath.requireOwnDirectory(wanted);
      Path path = wanted.toRealPath();
      refuseForeign(path);
      Files.setPosixFilePermissions(path, OWNER_ONLY);
      TrustedPath.requireOwnContents(path);
      return path;
    } catch (UntrustedPathException e) {
      throw new EmbeddedRedisException(
          "dueline.embedded.data-dir cannot be trusted: " + e.getMessage() + whatToSet(), e);
    } catch (IOException e) {
      throw unusable(wanted, e);
    }
  }

  /** Keeps a wrong setting (say, /tmp) from having its permissions and files changed. */
  private static void refuseForeign(Path path) throws IOException {
    try (Stream<Path> entries = Files.list(path)) {
      Set<String> names =
          entries
              .map(entry -> path.relativize(entry).toString())
              .filter(name -> !name.equals("lost+found"))
              .collect(Collectors.toSet());
      if (!names.isEmpty() && names.stream().noneMatch(OURS::contains)) {
        throw new EmbeddedRedisException(
            "dueline.embedded.data-dir holds files of something else: " + path + whatToSet());
      }
    }
  }

  private static boolean lock(Path path, FileChannel channel) throws IOException {
    FileLock lock = channel.tryLock();
    if (lock == null) {
      ByteBuffer holder = ByteBuffer.allocate(32);
      channel.read(holder, 0);
      String pid = new String(holder.array(), 0, holder.position(), StandardCharsets.UTF_8).trim();
      throw inUse(path, pid.isEmpty() ? "another process" : "process " + pid);
    }
    byte[] pid = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.UTF_8);
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(pid), 0);
    return true;
  }

  private static void closeQuietly(@Nullable FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      LOG.debug("Closing the lock file failed", e);
    }
  }

  private static EmbeddedRedisException inUse(Path path, String holder) {
    return new EmbeddedRedisException(
        "The data directory " + path + " is in use by " + holder + whatToSet());
  }

  private static EmbeddedRedisException unusable(Path path, IOException e) {
    String why = e instanceof AccessDeniedException ? "permission denied" : e.toString();
    return new EmbeddedRedisException(
        "Cannot use the data directory " + path + ": " + why + whatToSet(), e);
  }

  private static String whatToSet() {
    return ". Set dueline.embedded.data-dir to a directory for this instance alone, or"
        + " quarkus.redis.hosts (QUARKUS_REDIS_HOSTS=redis://host:6379) to use a Redis of your own";
  }
}
