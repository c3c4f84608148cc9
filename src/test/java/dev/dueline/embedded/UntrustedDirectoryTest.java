package dev.dueline.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What another account of the machine could plant where the embedded Redis keeps its data. */
class UntrustedDirectoryTest {
  private static final int SOMEBODY_ELSE = 4_711;

  @TempDir Path temp;

  @Test
  void aLinkIsRefusedAndWhatItLeadsToStaysAsItIs() throws IOException {
    Path target = Files.createDirectory(temp.resolve("target"));
    Path link = Files.createSymbolicLink(temp.resolve("link"), target);
    assertRefused(link, "symbolic link to " + target);
    assertThat(target).isEmptyDirectory();
  }

  @Test
  void aLinkToNothingIsRefused() throws IOException {
    Path link = Files.createSymbolicLink(temp.resolve("link"), temp.resolve("nothing"));
    assertRefused(link, "symbolic link");
    assertThat(temp.resolve("nothing")).doesNotExist();
  }

  @Test
  void aHomeThatIsALinkOfOursIsAllRight() throws IOException {
    Path home = Files.createDirectory(temp.resolve("home"));
    Path link = Files.createSymbolicLink(temp.resolve("link"), home);
    try (DataDirectory directory =
        DataDirectory.open(link.resolve(".dueline/data"), Leftovers.SERVER_AND_DATA)) {
      assertThat(directory.path()).isEqualTo(home.toRealPath().resolve(".dueline/data"));
    }
    assertThat(mode(home.resolve(".dueline"))).isEqualTo("rwx------");
  }

  @ParameterizedTest
  @ValueSource(strings = {"lock", "state", "redis.conf", "redis.log", "appendonlydir"})
  void aLinkInItIsRefusedAndWhatItLeadsToStaysAsItIs(String name) throws IOException {
    Path data = ours();
    Path victim = Files.writeString(temp.resolve("victim"), "precious");
    Files.deleteIfExists(data.resolve(name));
    Files.createSymbolicLink(data.resolve(name), victim);
    assertRefused(data, name + " is neither a file nor a directory");
    assertThat(victim).hasContent("precious");
  }

  @Test
  void aBinaryThatIsALinkIsRefused() throws IOException {
    Path data = ours();
    Path binary = RedisBinary.extract(data);
    Path elsewhere = Files.move(binary, temp.resolve("redis-server"));
    Files.createSymbolicLink(binary, elsewhere);
    assertRefused(data, binary.getFileName().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"rwxrwx---", "rwx---rwx", "rwxrwxrwx"})
  void filesWhereOthersMayWriteAreRefused(String mode) throws IOException {
    Path data = ours();
    chmod(data, mode);
    assertRefused(data, "can be written by others", "chmod 700");
    assertThat(mode(data)).isEqualTo(mode);
  }

  @Test
  void anEmptyDirectoryWhereOthersMayWriteBecomesOurs() throws IOException {
    Path data = Files.createDirectory(temp.resolve("data"));
    chmod(data, "rwxrwxrwx");
    DataDirectory.open(data, Leftovers.SERVER_AND_DATA).close();
    assertThat(mode(data)).isEqualTo("rwx------");
    assertThat(mode(data.resolve("lock"))).isEqualTo("rw-------");
  }

  @Test
  void aFileThatEverybodyMayWriteIsRefused() throws IOException {
    Path data = ours();
    chmod(data.resolve("lock"), "rw-rw-rw-");
    assertRefused(data, "lock can be written by everybody");
  }

  @Test
  void aParentThatEverybodyMayWriteIsRefused() throws IOException {
    Path parent = Files.createDirectory(temp.resolve("parent"));
    chmod(parent, "rwxrwxrwx");
    assertRefused(parent.resolve("data"), parent + " can be written by everybody");
    assertThat(parent).isEmptyDirectory();
  }

  @Test
  void whatBelongsToSomebodyElseIsRefused() throws IOException {
    assumeTrue(isRoot(), "only root gives files away");
    Path theirs = ours();
    chown(theirs);
    assertRefused(theirs, "belongs to another account (user 4711)");

    Path below = Files.createDirectory(temp.resolve("below"));
    Path data = Files.createDirectory(below.resolve("data"));
    chown(below);
    assertRefused(data, below + " belongs to another account");

    Path file = Files.createDirectory(temp.resolve("file"));
    Files.createFile(file.resolve("lock"));
    chown(file.resolve("lock"));
    assertRefused(file, "lock belongs to another account");

    Path link = Files.createSymbolicLink(temp.resolve("link"), temp.resolve("file"));
    chown(link);
    assertRefused(link.resolve("data"), link + " belongs to another account");
  }

  @Test
  void aServerThatEverybodyMayWriteIsRefused() throws IOException {
    Path binary = RedisBinary.extract(temp);
    chmod(binary, "rwxrwxrwx");
    assertThatThrownBy(() -> RedisBinary.given(binary))
        .isInstanceOf(EmbeddedRedisException.class)
        .hasMessageContaining("dueline.embedded.redis-server")
        .hasMessageContaining("chmod o-w");
  }

  private Path ours() throws IOException {
    Path data = temp.resolve("ours");
    DataDirectory.open(data, Leftovers.SERVER_AND_DATA).close();
    return data;
  }

  private static void assertRefused(Path data, String... reasons) {
    assertThatThrownBy(() -> DataDirectory.open(data, Leftovers.SERVER_AND_DATA))
        .isInstanceOf(EmbeddedRedisException.class)
        .hasMessageContainingAll(reasons)
        .hasMessageContaining("dueline.embedded.data-dir");
  }

  private static boolean isRoot() throws IOException {
    return Account.isOwner(Path.of("/"), 0);
  }

  private static void chown(Path path) throws IOException {
    Files.setAttribute(path, "unix:uid", SOMEBODY_ELSE, LinkOption.NOFOLLOW_LINKS);
  }

  private static void chmod(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
