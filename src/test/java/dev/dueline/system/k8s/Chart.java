package dev.dueline.system.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The Helm chart, rendered and linted by Helm itself. */
final class Chart {
  static final Path DIRECTORY = Path.of("k8s/helm/dueline");
  static final String NAMESPACE = "dueline";

  /** The oldest that the chart allows; Helm without a cluster knows none. */
  private static final String KUBERNETES = "1.30.0";

  private static final ObjectMapper YAML = new YAMLMapper();

  /** How the chart asks a cluster for the Deployment that runs. */
  private static final Pattern LOOKUP =
      Pattern.compile("lookup \"apps/v1\" \"Deployment\" \\S+ \\(.*?\\)");

  /** Helm's library leaves hooks out of what it renders: here the test is a pod like any other. */
  private static final Path WITHOUT_HOOKS = withoutHooks();

  private Chart() {}

  /** The sets of values that come with the chart. */
  static List<Path> matrix() throws IOException {
    try (Stream<Path> files = Files.list(DIRECTORY.resolve("ci"))) {
      return files.sorted().toList();
    }
  }

  /** What Helm would install as the release {@code dueline}, as text. */
  static String text(Path values) {
    return text(WITHOUT_HOOKS, values);
  }

  private static String text(Path chart, Path values) {
    return new Helm(chart)
        .template()
        .withName("dueline")
        .withNamespace(NAMESPACE)
        .withKubeVersion(KUBERNETES)
        .withValuesFile(values)
        .call();
  }

  /** What Helm would install, an object each. */
  static List<JsonNode> objects(Path values) {
    return parse(text(values));
  }

  /** What Helm would make of a release whose Deployment has that many replicas by now. */
  static List<JsonNode> objectsWhileRunning(int replicas, Path values) throws IOException {
    Path copy = copy(Files.createTempDirectory("chart").resolve("dueline"));
    return parse(
        text(finding("(dict \"spec\" (dict \"replicas\" " + replicas + "))", copy), values));
  }

  /** The objects of a YAML stream, without empty ones. */
  static List<JsonNode> parse(String yaml) {
    List<JsonNode> objects = new ArrayList<>();
    try (var parser = YAML.getFactory().createParser(yaml)) {
      YAML.readValues(parser, JsonNode.class)
          .forEachRemaining(
              object -> {
                if (object.isObject()) {
                  objects.add(object);
                }
              });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return objects;
  }

  /** The one object of that kind whose name ends so. */
  static JsonNode only(List<JsonNode> objects, String kind, String nameEnd) {
    List<JsonNode> found =
        objects.stream()
            .filter(object -> object.at("/kind").asText().equals(kind))
            .filter(object -> object.at("/metadata/name").asText().endsWith(nameEnd))
            .toList();
    if (found.size() != 1) {
      throw new IllegalStateException(found.size() + " of " + kind + " " + nameEnd);
    }
    return found.get(0);
  }

  /** What lint says of the chart with these values as its own, warnings being failures. */
  static LintResult lint(Path values, Path scratch) throws IOException {
    Path copy = copy(scratch.resolve("dueline"));
    Path defaults = copy.resolve("values.yaml");
    JsonNode merged = merged(YAML.readTree(defaults.toFile()), YAML.readTree(values.toFile()));
    YAML.writeValue(defaults.toFile(), merged);
    return new Helm(copy).lint().strict().call();
  }

  private static Path withoutHooks() {
    try {
      Path copy = copy(Files.createTempDirectory("chart").resolve("dueline"));
      Path test = copy.resolve("templates/tests/jobs-flow.yaml");
      Files.writeString(test, Files.readString(test).replace("helm.sh/hook", "dueline.dev/hook"));
      return finding("dict", copy);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Has the chart find that in a cluster, of which there is none here. */
  private static Path finding(String found, Path chart) throws IOException {
    Path helpers = chart.resolve("templates/_helpers.tpl");
    Matcher lookup = LOOKUP.matcher(Files.readString(helpers));
    if (!lookup.find()) {
      throw new IllegalStateException("the chart looks for no Deployment");
    }
    Files.writeString(helpers, lookup.replaceAll(found));
    return chart;
  }

  private static Path copy(Path copy) throws IOException {
    try (Stream<Path> files = Files.walk(DIRECTORY)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(DIRECTORY.relativize(file).toString()));
      }
    }
    return copy;
  }

  /** As Helm lays values over defaults: maps are merged, all else is replaced. */
  private static JsonNode merged(JsonNode defaults, JsonNode values) {
    if (!defaults.isObject() || !values.isObject()) {
      return values;
    }
    ObjectNode both = defaults.deepCopy();
    values
        .properties()
        .forEach(
            value -> both.set(value.getKey(), merged(both.path(value.getKey()), value.getValue())));
    return both;
  }
}
