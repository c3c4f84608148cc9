package dev.dueline.system.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The plain manifests are what the chart renders, so that there is one source of both. With {@code
 * -Ddueline.test.write-manifests=true} they are written anew.
 */
class BaseTest {
  private static final Path K8S = Path.of("k8s");
  private static final Set<String> MONITORING = Set.of("ServiceMonitor", "PrometheusRule");

  @ParameterizedTest
  @CsvSource({"base", "monitoring"})
  void isWhatTheChartRenders(String name) throws IOException {
    Map<String, String> rendered = manifests(name);
    Path directory = K8S.resolve(name);
    if (Boolean.getBoolean("dueline.test.write-manifests")) {
      for (Map.Entry<String, String> file : rendered.entrySet()) {
        Files.writeString(directory.resolve(file.getKey()), file.getValue());
      }
    }
    assertThat(resources(directory)).containsExactlyInAnyOrderElementsOf(rendered.keySet());
    for (Map.Entry<String, String> file : rendered.entrySet()) {
      assertThat(directory.resolve(file.getKey())).hasContent(file.getValue());
    }
  }

  @ParameterizedTest
  @CsvSource({"base, 7", "monitoring, 3"})
  void isBuiltByKustomize(String name, int objects) throws Exception {
    Tool.Result built = Tool.run(K8S, "kubectl", "kustomize", name);
    assertThat(built.code()).as(built.output()).isZero();
    assertThat(Chart.parse(built.output())).hasSize(objects).allSatisfy(KubernetesModel::check);
  }

  /** File by file what belongs into that directory. */
  private static Map<String, String> manifests(String name) {
    Map<String, String> files = new TreeMap<>();
    String text = Chart.text(Chart.DIRECTORY.resolve("ci/" + name + "-values.yaml"));
    for (String document : text.split("(?m)^---\n")) {
      for (JsonNode object : Chart.parse(document)) {
        KubernetesModel.check(object);
        String kind = object.at("/kind").asText();
        boolean isMonitoring =
            MONITORING.contains(kind)
                || object.at("/metadata/name").asText().endsWith("-dashboard");
        if (isMonitoring == name.equals("monitoring")) {
          files.put(fileName(object), plain(document));
        }
      }
    }
    return files;
  }

  private static String fileName(JsonNode object) {
    String name = object.at("/metadata/name").asText().replaceFirst("^dueline-?", "");
    String kind = object.at("/kind").asText().toLowerCase(Locale.ROOT);
    return (name.isEmpty() ? kind : kind + "-" + name) + ".yaml";
  }

  /** Without what is Helm's own, or follows from a release. */
  private static String plain(String document) {
    return document
            .replaceAll("(?m)^# Source: .*\n", "")
            .replaceAll("(?m)^ *helm.sh/chart: .*\n", "")
            .replaceAll("(?m)^ *app.kubernetes.io/(managed-by|version): .*\n", "")
            .replaceAll("(?m)^ *annotations:\n *# A change of what .*\n( *checksum/.*\n)+", "")
            .stripTrailing()
        + "\n";
  }

  private static List<String> resources(Path directory) throws IOException {
    JsonNode file = new YAMLMapper().readTree(directory.resolve("kustomization.yaml").toFile());
    List<String> names = new ArrayList<>();
    file.at("/resources").forEach(name -> names.add(name.asText()));
    return names;
  }
}
