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

  /** What stands before every script, and is none itself. */
  private static final Set<String> SHARED =
      Set.of("prelude.lua", "records.lua", "limits.lua", "entries.lua");

  /** Lines: a script must be read in one look. */
  private static final int MOST_LUA_LINES = 90;

  static List<Path> scripts() throws IOException {
    try (Stream<Path> files = Files.list(LUA)) {
      return files.filter(file -> file.toString().endsWith(".lua")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void aScriptIsShort(Path script) throws IOException {
    assertThat(Files.readAllLines(script)).hasSizeLessThanOrEqualTo(MOST_LUA_LINES);
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void aScriptBeginsWithItsContract(Path script) throws IOException {
    if (!SHARED.contains(script.getFileName().toString())) {
      assertThat(missingFromContract(Files.readAllLines(script))).isEmpty();
    }
  }

  @Test
  void aContractThatLacksAPartIsSeen() {
    List<String> script =
        List.of("-- Does it.", "-- ARGV     none", "-- Returns  1", "return 1", "-- Keeps    x");
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

  private static List<String> missingFromContract(List<String> script) {
    List<String> head = script.stream().takeWhile(line -> line.startsWith("--")).toList();
    return Stream.of("ARGV", "Returns", "Keeps")
        .filter(part -> head.stream().noneMatch(line -> line.startsWith("-- " + part)))
        .toList();
  }
}
