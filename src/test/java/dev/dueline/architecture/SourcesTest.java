package dev.dueline.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds what sources must have that no other check of the build looks at. */
class SourcesTest {
  private static final Path JAVA = Path.of("src/main/java");
  private static final Path LUA = Path.of("src/main/resources/lua");

  private static final Path FRAGMENTS = LUA.resolve("lib");

  /** Lines: a script must be read in one look. */
  private static final int MOST_LUA_LINES = 90;

  private static final int MOST_LUA_COLUMNS = 100;

  static List<Path> scripts() throws IOException {
    try (Stream<Path> files = Files.list(LUA)) {
      return files.filter(file -> file.toString().endsWith(".lua")).sorted().toList();
    }
  }

  static List<Path> fragments() throws IOException {
    try (Stream<Path> files = Files.list(FRAGMENTS)) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource({"scripts", "fragments"})
  void aScriptIsShort(Path script) throws IOException {
    assertThat(Files.readAllLines(script))
        .hasSizeLessThanOrEqualTo(MOST_LUA_LINES)
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(MOST_LUA_COLUMNS));
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void aScriptBeginsWithItsContract(Path script) throws IOException {
    assertThat(missingFromContract(Files.readAllLines(script))).isEmpty();
  }

  @Test
  void aContractThatLacksAPartIsSeen() {
    List<String> script = List.of("-- Does it.", "-- Returns    1", "return 1", "-- Keeps      x");
    assertThat(missingFromContract(script)).containsExactly("Keeps");
  }

  @Test
  void everyPackageSaysWhatItIsFor() throws IOException {
    Set<Path> silent = new TreeSet<>();
    try (Stream<Path> files = Files.walk(JAVA)) {
      files
          .filter(file -> file.toString().endsWith(".java"))
          .map(file -> file.resolveSibling("package-info.java"))
          .filter(info -> !Files.exists(info))
          .forEach(silent::add);
    }
    assertThat(silent).isEmpty();
  }

  /** Its seed is made once for all that the class does, which is while a native binary is built. */
  @Test
  void noGeneratorIsTheSameInEachProcessOfANativeBinary() throws IOException {
    Set<Path> alike = new TreeSet<>();
    try (Stream<Path> files = Files.walk(JAVA)) {
      for (Path file : files.filter(file -> file.toString().endsWith(".java")).toList()) {
        if (Files.readString(file).contains("RandomGenerator.getDefault()")) {
          alike.add(file);
        }
      }
    }
    assertThat(alike).isEmpty();
  }

  private static List<String> missingFromContract(List<String> script) {
    List<String> head = script.stream().takeWhile(line -> line.startsWith("--")).toList();
    return Stream.of("Returns", "Keeps")
        .filter(part -> head.stream().noneMatch(line -> line.startsWith("-- " + part)))
        .toList();
  }
}
