package dev.dueline.system.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * What is written about the chart is what it has. With {@code -Ddueline.test.write-manifests=true}
 * the table of values is written anew.
 */
class PagesTest {
  private static final String VALUES = "## Values\n";

  /** Of charts above this one; and fields of Kubernetes's that a probe may have. */
  private static final Pattern WITHOUT_DEFAULT =
      Pattern.compile(
          "global|probes\\.\\w+\\."
              + "(initialDelaySeconds|successThreshold|terminationGracePeriodSeconds)");

  @Test
  void theReadmeHasAllValues() throws IOException {
    Path readme = Chart.DIRECTORY.resolve("README.md");
    String text = Files.readString(readme);
    String table = ValuesTable.of(Files.readString(Chart.DIRECTORY.resolve("values.yaml")));
    String whole = text.substring(0, text.indexOf(VALUES)) + VALUES + "\n" + table;
    if (Boolean.getBoolean("dueline.test.write-manifests")) {
      Files.writeString(readme, whole);
    }
    assertThat(readme).hasContent(whole);
    assertThat(table)
        .contains("| `replicas` | `3` | Ignored while autoscaling is enabled. |")
        .contains("| `redis.auth.passwordKey` | `\"password\"` |")
        .contains("| `networkPolicy.monitoring` | `[{\"namespaceSelector\"");
  }

  @Test
  void eachAlertHasItsRunbook() throws IOException {
    Path values = Chart.DIRECTORY.resolve("ci/monitoring-values.yaml");
    List<String> alerts =
        Chart.only(Chart.objects(values), "PrometheusRule", "").findValuesAsText("alert");
    List<String> sections =
        Pattern.compile("(?m)^## (.*)\n<a id=\"\\1\"></a>")
            .matcher(Files.readString(Path.of("docs/runbooks.md")))
            .results()
            .map(section -> section.group(1))
            .toList();
    assertThat(sections).containsExactlyElementsOf(alerts);
  }

  @Test
  void theSchemaKnowsAllValuesAndNoOthers() throws IOException {
    JsonNode schema =
        new YAMLMapper().readTree(Chart.DIRECTORY.resolve("values.schema.json").toFile());
    JsonNode values = new YAMLMapper().readTree(Chart.DIRECTORY.resolve("values.yaml").toFile());
    List<String> differences = new ArrayList<>();
    compare("", schema, values, differences);
    assertThat(differences).isEmpty();
  }

  /** Down to what the schema leaves open, which is for Kubernetes to check. */
  private static void compare(
      String path, JsonNode schema, JsonNode values, List<String> differences) {
    JsonNode known = schema.path("properties");
    if (known.isMissingNode()) {
      return;
    }
    if (schema.path("additionalProperties").asBoolean(true)) {
      differences.add(path + " takes any value");
    }
    known
        .fieldNames()
        .forEachRemaining(
            key -> {
              if (!values.has(key) && !WITHOUT_DEFAULT.matcher(path + key).matches()) {
                differences.add(path + key + " has no default");
              }
            });
    values
        .fieldNames()
        .forEachRemaining(
            key -> {
              if (known.has(key)) {
                compare(path + key + ".", known.get(key), values.get(key), differences);
              } else {
                differences.add(path + key + " is not in the schema");
              }
            });
  }
}
