package dev.dueline.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
  @TempDir Path temp;

  @Test
  void isHeldByOneAtATime() {
    DataDirectory held = DataDirectory.open(temp, Leftovers.SERVER_AND_DATA);
    assertThatThrownBy(() -> DataDirectory.open(temp.resolve("."), Leftovers.SERVER_AND_DATA))
        .isInstanceOf(EmbeddedRedisException.class)
        .hasMessageContaining("in use by this process")
        .hasMessageContaining("dueline.embedded.data-dir");
    held.close();
    DataDirectory.open(temp, Leftovers.SERVER_AND_DATA).close();
  }

  @Test
  void isNamedIfItIsAFile() throws Exception {
    Path file = Files.createFile(temp.resolve("file"));
    assertThatThrownBy(() -> DataDirectory.open(file, Leftovers.SERVER_AND_DATA))
        .isInstanceOf(EmbeddedRedisException.class)
        .hasMessageContaining("not a directory: " + file);
  }

  @Test
  void isNamedIfItCannotBeMade() throws Exception {
    Path below = Files.createFile(temp.resolve("file")).resolve("data");
    assertThatThrownBy(() -> DataDirectory.open(below, Leftovers.SERVER_AND_DATA))
        .isInstanceOf(EmbeddedRedisException.class)
        .hasMessageContaining("Cannot use the data directory " + below)
        .hasMessageContaining("QUARKUS_REDIS_HOSTS");
  }

  @Test
  void leavesADirectoryOfSomethingElseAlone() throws Exception {
    Files.createFile(temp.resolve("photo.jpg"));
    Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThatThrownBy(() -> DataDirectory.open(temp, Leftovers.SERVER_AND_DATA))
        .hasMessageContaining("holds files of something else");
    assertThat(Files.getPosixFilePermissions(temp)).hasSize(7);
    assertThat(temp.resolve("lock")).doesNotExist();
  }

  @Test
  void acceptsTheRootOfAFreshVolume() throws Exception {
    Files.createDirectory(temp.resolve("lost+found"));
    DataDirectory.open(temp, Leftovers.SERVER_AND_DATA).close();
  }
}
