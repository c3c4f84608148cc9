package dev.dueline.system.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The dashboard and the alerts ask for nothing that the service does not tell. */
class DashboardTest {
  private static final Pattern METRIC = Pattern.compile("\\bdueline_[a-z_]+");

  /** As at /q/metrics; of a histogram its base name. */
  private static final Path OPERATIONS = Path.of("docs/operations.md");

  @Test
  void showsMetricsThatAreDocumented() throws IOException {
    assertThat(metrics(dashboard().toString())).hasSizeGreaterThan(15).isSubsetOf(documented());
  }

  @Test
  void alertsKnowTheirMetrics() throws IOException {
    Path values = Chart.DIRECTORY.resolve("ci/monitoring-values.yaml");
    JsonNode rules = Chart.only(Chart.objects(values), "PrometheusRule", "");
    assertThat(metrics(rules.at("/spec").toString())).isNotEmpty().isSubsetOf(documented());
  }

  /** A test of the running service holds these and its page equal. */
  private static Set<String> documented() throws IOException {
    String text = Files.readString(OPERATIONS);
    return metrics(text.substring(text.indexOf("## Metrics")));
  }

  @Test
  void panelsHaveTheirOwnIdsAndDoNotOverlap() throws IOException {
    JsonNode panels = dashboard().at("/panels");
    List<JsonNode> ids = panels.findValues("id");
    assertThat(ids).doesNotHaveDuplicates();
    Set<String> taken = new TreeSet<>();
    for (JsonNode panel : panels) {
      JsonNode at = panel.at("/gridPos");
      assertThat(at.path("x").asInt() + at.path("w").asInt()).isLessThanOrEqualTo(24);
      for (int x = at.path("x").asInt(); x < at.path("x").asInt() + at.path("w").asInt(); x++) {
        for (int y = at.path("y").asInt(); y < at.path("y").asInt() + at.path("h").asInt(); y++) {
          assertThat(taken.add(x + "," + y)).as(panel.path("title").asText()).isTrue();
        }
      }
    }
  }

  @Test
  void theSidecarGetsTheFileAsItIs() throws IOException {
    Path values = Chart.DIRECTORY.resolve("ci/monitoring-values.yaml");
    JsonNode map = Chart.only(Chart.objects(values), "ConfigMap", "-dashboard");
    assertThat(map.at("/metadata/labels/grafana_dashboard").asText()).isEqualTo("1");
    assertThat(new ObjectMapper().readTree(map.at("/data/dueline.json").asText()))
        .isEqualTo(dashboard());
  }

  private static JsonNode dashboard() throws IOException {
    return new ObjectMapper().readTree(Chart.DIRECTORY.resolve("files/dashboard.json").toFile());
  }

  private static Set<String> metrics(String text) {
    Matcher matcher = METRIC.matcher(text);
    return matcher
        .results()
        .map(found -> found.group().replaceAll("_(bucket|sum|count)$", ""))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
