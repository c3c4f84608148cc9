package dev.dueline.system.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The version that the pom names, in all other places that name one. */
class VersionsTest {
  /** Where versions are named to those who use Dueline. */
  private static final List<String> PARTS =
      List.of("pom.xml", "README.md", ".ci/release", "clients", "docs", "k8s");

  /** What tools put there; and an example, which has a version of its own. */
  private static final Pattern NOT_OURS =
      Pattern.compile(
          ".*/(node_modules|target|dist|build|gen|rust-example|__pycache__|[^/]+\\.egg-info)"
              + "(/.*)?");

  @TempDir private Path copy;
  private Map<Path, String> before = Map.of();

  @BeforeEach
  void copy() throws IOException {
    for (String part : PARTS) {
      for (Path file : files(Path.of(part))) {
        Path target = copy.resolve(file);
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
    before = texts();
  }

  @Test
  void allPlacesHaveThatOfThePom() throws Exception {
    setVersion(setVersion().strip());
    assertThat(texts()).isEqualTo(before);
  }

  @Test
  void aNewOneLeavesTheOldNowhere() throws Exception {
    String old = setVersion().strip();
    setVersion("98.76.54-rc.3");
    String number = Pattern.quote(old.replace("-SNAPSHOT", ""));
    assertThat(texts().entrySet())
        .noneMatch(
            file ->
                Pattern.compile("(?i)(dueline|version)[^\\n]{0,40}\\b" + number + "(?![.0-9])")
                    .matcher(file.getValue())
                    .find());
    assertThat(setVersion()).isEqualTo("98.76.54-rc.3\n");
  }

  @Test
  void theDocsBuildTheImageThatTheChartAsksFor() throws Exception {
    String built = first("docs/operations.md", "docker build \\S+ \\S+ -t (\\S+) ");
    assertThat(first("k8s/base/deployment.yaml", "image: \"?([^\"\\s]+)")).isEqualTo(built);
    assertThat(first("k8s/helm/dueline/Chart.yaml", "appVersion: \"?([^\"\\s]+)"))
        .isEqualTo(built.substring("dueline:".length()));
  }

  private static String first(String file, String pattern) throws IOException {
    Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(Path.of(file)));
    assertThat(matcher.find()).as(pattern).isTrue();
    return matcher.group(1);
  }

  /** What the script in the copy says. */
  private String setVersion(String... arguments) throws Exception {
    ProcessBuilder script =
        new ProcessBuilder(copy.resolve(".ci/release/set-version").toString())
            .redirectErrorStream(true);
    script.command().addAll(List.of(arguments));
    Process process = script.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  private Map<Path, String> texts() throws IOException {
    Map<Path, String> texts = new TreeMap<>();
    for (Path file : files(copy)) {
      // Pictures, too: any bytes are text of this.
      texts.put(copy.relativize(file), Files.readString(file, StandardCharsets.ISO_8859_1));
    }
    return texts;
  }

  private static List<Path> files(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> !NOT_OURS.matcher(file.toString()).matches())
          .toList();
    }
  }
}
