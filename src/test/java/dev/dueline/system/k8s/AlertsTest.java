package dev.dueline.system.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The alerts, checked and tried with {@code promtool} of Prometheus, where there is one. */
class AlertsTest {
  private static final Path TESTS = Path.of("k8s/alerts-test.yaml");

  @TempDir private Path scratch;

  @BeforeEach
  void writeRules() throws IOException {
    Path values = Chart.DIRECTORY.resolve("ci/monitoring-values.yaml");
    JsonNode rules = Chart.only(Chart.objects(values), "PrometheusRule", "").at("/spec");
    new YAMLMapper().writeValue(scratch.resolve("alerts.yaml").toFile(), rules);
    Files.copy(TESTS, scratch.resolve("alerts-test.yaml"));
  }

  @Test
  void eachAlertIsTried() throws IOException {
    JsonNode rules = new YAMLMapper().readTree(scratch.resolve("alerts.yaml").toFile());
    String tests = Files.readString(TESTS);
    assertThat(rules.findValuesAsText("alert"))
        .isNotEmpty()
        .allSatisfy(name -> assertThat(tests).contains("alertname: " + name + "\n"));
  }

  @Test
  void rulesAreWellFormed() throws Exception {
    promtool("check", "rules", "alerts.yaml");
  }

  @Test
  void alertsFireWhenTheyShouldAndOnlyThen() throws Exception {
    promtool("test", "rules", "alerts-test.yaml");
  }

  @Test
  void queriesOfTheDashboardAreWellFormed() throws Exception {
    JsonNode dashboard =
        new ObjectMapper().readTree(Chart.DIRECTORY.resolve("files/dashboard.json").toFile());
    ObjectNode file = JsonNodeFactory.instance.objectNode();
    ObjectNode group = file.putArray("groups").addObject().put("name", "dashboard");
    ArrayNode rules = group.putArray("rules");
    for (String query : dashboard.findValuesAsText("expr")) {
      String filled = query.replace("$__rate_interval", "1m");
      rules.addObject().put("record", "panel:query:" + rules.size()).put("expr", filled);
    }
    assertThat(rules).isNotEmpty();
    new YAMLMapper().writeValue(scratch.resolve("dashboard.yaml").toFile(), file);
    promtool("check", "rules", "dashboard.yaml");
  }

  private void promtool(String... words) throws IOException, InterruptedException {
    Tool.Result result = Tool.run(scratch, "promtool", words);
    assertThat(result.code()).as(result.output()).isZero();
  }
}
