package dev.dueline.system.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands in {@code config} reaches the service as it was meant, whatever its type. */
class ConfigTest {
  private static final String ODD =
      """
      a.million: 1000000
      a.byte-limit: 1048576
      a.large: 9007199254740991
      a.negative: -20000000
      a.float: 0.25
      a.tiny: 0.0000001
      a.true: true
      a.false: false
      a.null: null
      a.zero: 0
      a.empty: ""
      a.number-as-text: "1e3"
      a.quotes: '"it''s" `so`'
      a.lines: "one\\r\\ntwo\\n\\n three"
      a.blanks: "  in front, \\tbetween and behind "
      a.backslashes: 'C:\\temp\\new'
      a.signs: '# no = comment: ! {{ .Values }} %d'
      a.letters: 'Grüße, 日本'
      """;

  @TempDir private Path scratch;

  @Test
  void valuesOfAllTypesSurviveRendering() throws IOException {
    Properties config = config(ODD);
    assertThat(config)
        .containsEntry("a.million", "1000000")
        .containsEntry("a.byte-limit", "1048576")
        .containsEntry("a.large", "9007199254740991")
        .containsEntry("a.negative", "-20000000")
        .containsEntry("a.float", "0.25")
        .containsEntry("a.true", "true")
        .containsEntry("a.false", "false")
        .doesNotContainKey("a.null")
        .containsEntry("a.zero", "0")
        .containsEntry("a.empty", "")
        .containsEntry("a.number-as-text", "1e3")
        .containsEntry("a.quotes", "\"it's\" `so`")
        .containsEntry("a.lines", "one\r\ntwo\n\n three")
        .containsEntry("a.blanks", "  in front, \tbetween and behind ")
        .containsEntry("a.backslashes", "C:\\temp\\new")
        .containsEntry("a.signs", "# no = comment: ! {{ .Values }} %d")
        .containsEntry("a.letters", "Grüße, 日本");
    assertThat(Double.parseDouble(config.getProperty("a.tiny"))).isEqualTo(1e-7);
  }

  private Properties config(String lines) throws IOException {
    Path values =
        Files.writeString(
            scratch.resolve("values.yaml"),
            "redis: {hosts: ['r:6379']}\nsecurity: {insecure: true}\nconfig:\n" + lines.indent(2));
    Properties properties = new Properties();
    properties.load(
        new StringReader(
            Chart.only(Chart.objects(values), "ConfigMap", "")
                .at("/data/dueline.properties")
                .asText()));
    return properties;
  }
}
