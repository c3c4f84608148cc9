package dev.dueline.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The examples of docs/testing.md are those that {@code clients/check} runs. */
class TestingPageTest {
  private static final Path PAGE = Path.of("docs/testing.md");

  /** A line that names a file of a client library, and the block below it. */
  private static final Pattern EXAMPLE =
      Pattern.compile(
          "^\\[(clients/(\\w+)/\\S+)]\\(\\.\\./\\1\\):\n\n```\\w+\n(.*?)^```$",
          Pattern.DOTALL | Pattern.MULTILINE);

  @Test
  void showsWhatRuns() throws IOException {
    Map<String, Integer> shown = new TreeMap<>();
    for (MatchResult example : EXAMPLE.matcher(Files.readString(PAGE)).results().toList()) {
      String file = example.group(1);
      assertThat(unindented(Files.readString(Path.of(file))))
          .as(file)
          .contains(unindented(example.group(3)));
      shown.merge(example.group(2), 1, Integer::sum);
    }
    assertThat(shown)
        .containsOnlyKeys("go", "java", "node", "python")
        .allSatisfy((language, count) -> assertThat(count).isEqualTo(3));
  }

  /** A method of a class stands on the page without its indentation. */
  private static String unindented(String text) {
    return text.replaceAll("(?m)^[ \t]+", "");
  }
}
