package dev.dueline.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
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
  private static final Set<String> KNOWN =
      Set.of(
          "dueline_backstop_found_overdue_total",
          "dueline_batch_size",
          "dueline_claim_jobs",
          "dueline_claims_total",
          "dueline_clock_offset_seconds",
          "dueline_credit",
          "dueline_dead_dropped_total",
          "dueline_jobs",
          "dueline_lateness_seconds",
          "dueline_lost_leases_total",
          "dueline_oldest_overdue_seconds",
          "dueline_redeliveries_total",
          "dueline_redis_eviction_safe",
          "dueline_redis_memory_max_bytes",
          "dueline_redis_memory_used_bytes",
          "dueline_script_seconds",
          "dueline_watchers");

  @Test
  void showsEachMetricAndNoOther() throws IOException {
    assertThat(metrics(dashboard().toString())).isEqualTo(new TreeSet<>(KNOWN));
  }

  @Test
  void alertsKnowTheirMetrics() {
    Path values = Chart.DIRECTORY.resolve("ci/monitoring-values.yaml");
    JsonNode rules = Chart.only(Chart.objects(values), "PrometheusRule", "");
    assertThat(metrics(rules.at("/spec").toString())).isNotEmpty().isSubsetOf(KNOWN);
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
