package dev.dueline.system.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the chart renders for each set of values would be taken by a cluster that is strict. */
class ChartTest {
  private static final String LEAST = "redis: {hosts: ['r:6379']}\nsecurity: {insecure: true}\n";

  @TempDir private Path scratch;

  static List<Path> matrix() throws IOException {
    return Chart.matrix();
  }

  @ParameterizedTest
  @MethodSource("matrix")
  void isLintedWithoutAWarning(Path values) throws IOException {
    LintResult result = Chart.lint(values, scratch);
    assertThat(result.isFailed()).as(String.join("\n", result.getMessages())).isFalse();
  }

  @ParameterizedTest
  @MethodSource("matrix")
  void rendersWhatKubernetesKnows(Path values) {
    List<JsonNode> objects = Chart.objects(values);
    assertThat(objects).hasSizeGreaterThanOrEqualTo(4);
    objects.forEach(KubernetesModel::check);
  }

  @ParameterizedTest
  @MethodSource("matrix")
  void everyPodIsRestricted(Path values) {
    for (JsonNode pod : pods(Chart.objects(values))) {
      assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
      assertThat(pod.at("/securityContext/seccompProfile/type").asText())
          .isEqualTo("RuntimeDefault");
      assertThat(pod.at("/automountServiceAccountToken").asBoolean(true)).isFalse();
      for (JsonNode container : containers(pod)) {
        JsonNode security = container.path("securityContext");
        assertThat(security.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
        assertThat(security.path("readOnlyRootFilesystem").asBoolean()).isTrue();
        assertThat(security.at("/capabilities/drop/0").asText()).isEqualTo("ALL");
        assertThat(container.at("/resources/limits/memory").asText()).isNotEmpty();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("matrix")
  void noContainerRunsTheServiceForDevelopment(Path values) {
    for (JsonNode pod : pods(Chart.objects(values))) {
      for (JsonNode container : containers(pod)) {
        List<String> words = new ArrayList<>();
        container.path("command").forEach(word -> words.add(word.asText()));
        container.path("args").forEach(word -> words.add(word.asText()));
        assertThat(words).doesNotContain("dev", "--test-clock", "--auto-advance");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("matrix")
  void everyMountHasItsVolumeAndEveryVolumeItsMount(Path values) {
    for (JsonNode pod : pods(Chart.objects(values))) {
      Set<String> volumes = names(pod.at("/volumes"));
      Set<String> mounts = new TreeSet<>();
      containers(pod).forEach(container -> mounts.addAll(names(container.at("/volumeMounts"))));
      assertThat(mounts).isEqualTo(volumes);
    }
  }

  @ParameterizedTest
  @MethodSource("matrix")
  void theGracePeriodIsLongerThanTheDrain(Path values) {
    List<JsonNode> objects = Chart.objects(values);
    JsonNode pod = Chart.only(objects, "Deployment", "").at("/spec/template/spec");
    int drainSeconds =
        properties(objects)
            .lines()
            .filter(line -> line.startsWith("dueline.drain.timeout="))
            .mapToInt(line -> Integer.parseInt(line.replaceAll("\\D", "")))
            .sum();
    int sleepSeconds = pod.at("/containers/0/lifecycle/preStop/sleep/seconds").asInt(0);
    assertThat(drainSeconds).isPositive();
    assertThat(pod.at("/terminationGracePeriodSeconds").asInt())
        .isGreaterThanOrEqualTo(drainSeconds + sleepSeconds + 5);
  }

  @Test
  void aPasswordStandsInASecretOnly() throws IOException {
    String secret = "h1dden";
    Path values = scratch.resolve("values.yaml");
    Files.writeString(
        values,
        "redis: {hosts: ['r:6379'], auth: {user: u, password: "
            + secret
            + "}}\n"
            + "security: {insecure: true}\n");
    List<String> kinds =
        Chart.objects(values).stream()
            .filter(object -> object.toString().contains(secret))
            .map(object -> object.at("/kind").asText())
            .toList();
    assertThat(kinds).containsExactly("Secret");
  }

  @Test
  void whatItSendsSpansToIsLetOut() throws IOException {
    Path values =
        Files.writeString(
            scratch.resolve("values.yaml"),
            """
            redis: {hosts: ["r:7000"]}
            security: {insecure: true}
            tracing: {endpoint: "http://collector.monitoring:4318/"}
            """);
    List<Integer> ports =
        Chart.objects(values).stream()
            .flatMap(object -> object.at("/spec/egress").findValues("port").stream())
            .map(JsonNode::asInt)
            .toList();
    assertThat(ports).contains(7000, 4318);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          security: {insecure: true}                                       | redis.hosts is missing
          {redis: {hosts: ['r:6379']}, security: {insecure: true}, console: {enabled: true, port: 9090}} | console.port is
          redis: {hosts: ['r:6379']}                                       | security.insecure=true
          redis: {hosts: ['r']}                                            | /redis/hosts/0
          redis: {host: 'r:6379'}                                          | 'host' not allowed
          replica: 3                                                       | 'replica' not allowed
          redis: {hosts: ['r:6379'], topology: sentinel}                   | redis.masterName is missing
          redis: {hosts: ['a:1', 'b:1']}                                   | redis.hosts has several
          redis: {hosts: ['r:6379'], topology: cluster, database: 1}       | redis.database must be 0
          redis: {hosts: ['r:6379'], auth: {user: u}}                      | redis.auth.user has no password
          redis: {hosts: ['r:6379'], tls: {caSecret: a}}                   | need redis.tls.enabled=true
          {redis: {hosts: ['r:6379']}, tls: {clientAuth: required}, security: {existingSecret: a}} | tls.clientAuth needs
          {redis: {hosts: ['r:6379']}, security: {insecure: true, existingSecret: a}} | contradicts
          {redis: {hosts: ['r:6379']}, security: {principals: {a: {schedule: [b]}}}}  | principals.a needs
          {redis: {hosts: ['r:6379']}, security: {principals: {a: {tokenSha256: [plain]}}}} | tokenSha256/0
          {redis: {hosts: ['r:6379']}, security: {principals: {a: {certificates: ['urn:x']}}}} | certificates/0
          tracing: {endpoint: 'http://collector'}                          | /tracing/endpoint
          {redis: {hosts: ['r:6379']}, security: {jwt: {issuer: a}}}       | issuer, audience and keys
          """)
  void refusesWhatCannotBeMeantAndNamesIt(String yaml, String named) throws IOException {
    Path values = Files.writeString(scratch.resolve("values.yaml"), yaml);
    assertThatThrownBy(() -> Chart.text(values)).hasMessageContaining(named);
  }

  @Test
  void theModelIsStrict() throws IOException {
    Path values = Files.writeString(scratch.resolve("values.yaml"), LEAST);
    String text = Chart.text(values);
    for (String wrong : List.of("replica: 3", "replicas: many")) {
      JsonNode object =
          Chart.only(Chart.parse(text.replace("replicas: 3", wrong)), "Deployment", "");
      assertThatThrownBy(() -> KubernetesModel.check(object))
          .isInstanceOf(IllegalArgumentException.class);
    }
    Path monitored = Chart.DIRECTORY.resolve("ci/monitoring-values.yaml");
    String rules = Chart.text(monitored).replace("expr:", "expression:");
    assertThatThrownBy(
            () -> KubernetesModel.check(Chart.only(Chart.parse(rules), "PrometheusRule", "")))
        .hasMessageContaining("expression");
  }

  private static Set<String> names(JsonNode list) {
    Set<String> names = new TreeSet<>();
    list.forEach(entry -> names.add(entry.path("name").asText()));
    return names;
  }

  private static String properties(List<JsonNode> objects) {
    return objects.stream()
        .map(object -> object.at("/data/dueline.properties").asText())
        .reduce("", String::concat);
  }

  private static List<JsonNode> pods(List<JsonNode> objects) {
    List<JsonNode> pods = new ArrayList<>();
    for (JsonNode object : objects) {
      switch (object.at("/kind").asText()) {
        case "Deployment" -> pods.add(object.at("/spec/template/spec"));
        case "Pod" -> pods.add(object.at("/spec"));
        default -> {}
      }
    }
    assertThat(pods).isNotEmpty();
    return pods;
  }

  private static List<JsonNode> containers(JsonNode pod) {
    List<JsonNode> containers = new ArrayList<>();
    pod.at("/initContainers").forEach(containers::add);
    pod.at("/containers").forEach(containers::add);
    return containers;
  }
}
