package dev.dueline.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Tells whether another account could have put something at a path, or could do so: what is there
 * must belong to this account or to root, and so must all that leads there, links included. A
 * directory that everybody may write to is good only as a parent, and with the sticky bit, as /tmp
 * has it: there nobody replaces what belongs to others. Groups of parents are trusted.
 */
final class TrustedPath {
  private static final int STICKY = 01000;
  private static final int SYMBOLIC_LINKS = 40;

  private static final Set<PosixFilePermission> WRITE_OF_OTHERS =
      Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

  private TrustedPath() {}

  /** Requires that nobody else can replace what leads to a path; it need not be there yet. */
  static void requireParents(Path path) throws IOException {
    Path parent = path.toAbsolutePath().normalize().getParent();
    if (parent != null) {
      require(parent);
    }
  }

  /**
   * Requires of all that exists on the way to a path, itself included, that nobody else can replace
   * it. It may be a link, or not be there.
   */
  static void require(Path path) throws IOException {
    Path absolute = path.toAbsolutePath().normalize();
    int links = 0;
    for (int i = 1; i <= absolute.getNameCount(); i++) {
      Path part = absolute.getRoot().resolve(absolute.subpath(0, i));
      Facts facts;
      try {
        facts = Facts.of(part);
      } catch (NoSuchFileException e) {
        return;
      }
      requireOwner(part, facts, true);
      if (facts.isLink()) {
        if (++links > SYMBOLIC_LINKS) {
          throw new UntrustedPathException("too many symbolic links on the way to " + path);
        }
        Path target = part.resolveSibling(Files.readSymbolicLink(part));
        Path rest = absolute.subpath(i - 1, absolute.getNameCount());
        absolute = target.resolve(rest.getName(0).relativize(rest)).normalize();
        i = 0;
      } else if (facts.permissions().contains(PosixFilePermission.OTHERS_WRITE)
          && !(facts.isDirectory() && facts.isSticky())) {
        throw new UntrustedPathException(
            part
                + " can be written by everybody, who could replace what is below it: chmod o-w it");
      }
    }
  }

  /** Requires that a directory is one, no link, ours, and not written by others. */
  static void requireOwnDirectory(Path directory) throws IOException {
    Facts facts = Facts.of(directory);
    if (facts.isLink()) {
      throw new UntrustedPathException(
          directory
              + " is a symbolic link to "
              + Files.readSymbolicLink(directory)
              + ": name what it leads to");
    }
    if (!facts.isDirectory()) {
      throw new UntrustedPathException(directory + " is not a directory");
    }
    requireOwner(directory, facts, false);
    if (facts.permissions().stream().anyMatch(WRITE_OF_OTHERS::contains) && !isFresh(directory)) {
      throw new UntrustedPathException(
          directory
              + " can be written by others (mode "
              + PosixFilePermissions.toString(facts.permissions())
              + "), who may have put files there: see that they are yours, and chmod 700 it");
    }
  }

  /** Requires that all below a directory of ours is ours, and neither a link nor for others. */
  static void requireOwnContents(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      for (Path path : entries.filter(entry -> !isOfFileSystem(entry)).toList()) {
        Facts facts = Facts.of(path);
        if (facts.isLink() || !(facts.isDirectory() || facts.isFile())) {
          throw new UntrustedPathException(
              path + " is neither a file nor a directory, but a link or the like: remove it");
        }
        requireOwner(path, facts, false);
        if (facts.permissions().contains(PosixFilePermission.OTHERS_WRITE)) {
          throw new UntrustedPathException(
              path + " can be written by everybody: see that it is yours, and chmod o-w it");
        }
        if (facts.isDirectory()) {
          requireOwnContents(path);
        }
      }
    }
  }

  /** Whether it holds nothing but what a file system puts at the root of a fresh volume. */
  static boolean isFresh(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.allMatch(TrustedPath::isOfFileSystem);
    }
  }

  static boolean isOfFileSystem(Path path) {
    return path.getFileName().toString().equals("lost+found");
  }

  private static void requireOwner(Path path, Facts facts, boolean mayBeRoot) throws IOException {
    boolean isOfRoot = facts.uid() == 0;
    if (!(mayBeRoot && isOfRoot) && !Account.isOwner(path, facts.uid())) {
      throw new UntrustedPathException(
          path
              + " belongs to another account (user %d) than this service runs as: "
                  .formatted(facts.uid())
              + "run it as that one, or chown it if nobody else has put anything there");
    }
  }

  /** What the file system says of a path itself, not of what a link leads to. */
  private record Facts(
      int uid,
      boolean isLink,
      boolean isDirectory,
      boolean isFile,
      boolean isSticky,
      Set<PosixFilePermission> permissions) {
    static Facts of(Path path) throws IOException {
      PosixFileAttributes posix =
          Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return new Facts(
          number(path, "unix:uid"),
          posix.isSymbolicLink(),
          posix.isDirectory(),
          posix.isRegularFile(),
          (number(path, "unix:mode") & STICKY) != 0,
          Set.copyOf(posix.permissions()));
    }

    private static int number(Path path, String attribute) throws IOException {
      return (Integer)
          Objects.requireNonNull(
              Files.getAttribute(path, attribute, LinkOption.NOFOLLOW_LINKS), attribute);
    }
  }
}
