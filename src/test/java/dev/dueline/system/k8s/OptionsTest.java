package dev.dueline.system.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each option of the chart ends where Kubernetes looks for it. */
class OptionsTest {
  private static final List<JsonNode> OBJECTS =
      Chart.objects(Chart.DIRECTORY.resolve("ci/options-values.yaml"));

  @TempDir private Path scratch;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Deployment | '' | /spec/strategy/rollingUpdate/maxSurge | 50%
          Deployment | '' | /spec/strategy/rollingUpdate/maxUnavailable | 0
          Deployment | '' | /metadata/annotations/example.org~1owner | delivery
          Deployment | '' | /metadata/annotations/reloader.example.org~1auto | true
          Deployment | '' | /spec/template/metadata/annotations/example.org~1owner | delivery
          Deployment | '' | /spec/template/spec/securityContext/fsGroupChangePolicy | OnRootMismatch
          Deployment | '' | /spec/template/spec/containers/0/readinessProbe/periodSeconds | 5
          Deployment | '' | /spec/template/spec/containers/0/readinessProbe/timeoutSeconds | 2
          Deployment | '' | /spec/template/spec/containers/0/readinessProbe/httpGet/port | management
          Deployment | '' | /spec/template/spec/containers/0/env/0/value | /etc/dueline/config/local.properties,/etc/dueline/config/dueline.properties,/etc/dueline/security/principals.properties
          Deployment | '' | /spec/template/spec/containers/0/envFrom/0/configMapRef/name | shared
          Deployment | '' | /spec/template/spec/containers/1/name | agent
          Deployment | '' | /spec/template/spec/initContainers/0/name | wait
          Deployment | '' | /spec/template/spec/dnsPolicy | None
          Deployment | '' | /spec/template/spec/dnsConfig/nameservers/0 | 10.0.0.10
          Deployment | '' | /spec/template/spec/hostAliases/0/ip | 10.0.0.1
          Deployment | '' | /spec/template/spec/topologySpreadConstraints/0/maxSkew | 2
          ConfigMap | -extra | /data/limit | 1048576
          ConfigMap | dueline-text | /apiVersion | v1
          ConfigMap | dueline | /metadata/annotations/example.org~1owner | delivery
          PodDisruptionBudget | '' | /spec/minAvailable | 2
          PodDisruptionBudget | '' | /spec/unhealthyPodEvictionPolicy | IfHealthyBudget
          HorizontalPodAutoscaler | '' | /spec/metrics/0/resource/name | memory
          HorizontalPodAutoscaler | '' | /spec/behavior/scaleUp/stabilizationWindowSeconds | 0
          Service | dueline | /spec/loadBalancerClass | example.org/internal
          Service | dueline | /spec/loadBalancerSourceRanges/0 | 10.0.0.0/8
          Service | dueline | /spec/externalTrafficPolicy | Local
          Service | dueline | /spec/trafficDistribution | PreferClose
          Service | dueline | /spec/ipFamilies/1 | IPv6
          Service | dueline | /spec/ports/0/nodePort | 30900
          GRPCRoute | '' | /spec/rules/0/backendRefs/0/name | dueline
          GRPCRoute | '' | /spec/parentRefs/0/sectionName | grpc
          Ingress | '' | /spec/rules/0/host | jobs.example.org
          Ingress | '' | /spec/ingressClassName | nginx
          NetworkPolicy | '' | /spec/ingress/2/from/0/ipBlock/cidr | 10.0.0.0/8
          NetworkPolicy | '' | /spec/ingress/3/ports/0/port | console
          NetworkPolicy | '' | /spec/ingress/3/from/0/podSelector/matchLabels/app | gateway
          Service | -console | /spec/ports/0/port | 9191
          Service | -console | /metadata/annotations/example.org~1internal | true
          Deployment | '' | /spec/template/spec/containers/0/ports/2/containerPort | 9191
          PodMonitor | '' | /spec/podMetricsEndpoints/0/scrapeTimeout | 5s
          PodMonitor | '' | /spec/podMetricsEndpoints/0/relabelings/0/replacement | dueline-replicas
          PrometheusRule | '' | /spec/groups/0/rules/1/labels/severity | info
          PrometheusRule | '' | /spec/groups/0/rules/1/for | 10m
          PrometheusRule | '' | /spec/groups/0/rules/1/annotations/runbook_url | https://example.org/runbooks.md#DuelineJobsOverdue
          Certificate | '' | /spec/secretName | dueline-tls
          Certificate | '' | /spec/dnsNames/8 | jobs.example.org
          Secret | -principals | /metadata/annotations/example.org~1owner | delivery
          Pod | -jobs-flow | /spec/activeDeadlineSeconds | 60
          Pod | -jobs-flow | /spec/containers/0/resources/limits/memory | 256Mi
          """)
  void standsWhereItBelongs(String kind, String nameEnd, String path, String value) {
    JsonNode found = Chart.only(OBJECTS, kind, nameEnd).at(path);
    assertThat(found.asText()).as(path).isEqualTo(value);
  }

  @Test
  void theServiceUsesTheCertificateThatCertManagerMakes() {
    assertThat(Chart.only(OBJECTS, "Deployment", "").toString())
        .contains("\"secretName\":\"dueline-tls\"");
    assertThat(Chart.only(OBJECTS, "ConfigMap", "dueline").toString())
        .contains("dueline.tls.certificate=/etc/dueline/tls/tls.crt");
  }

  @Test
  void theConsoleIsThereWhereItIsAskedForOnly() {
    assertThat(Chart.only(OBJECTS, "ConfigMap", "dueline").at("/data/dueline.properties").asText())
        .contains("dueline.console.enabled=true")
        .contains("dueline.console.host=0.0.0.0")
        .contains("dueline.console.port=9191");
    List<JsonNode> others = Chart.objects(Chart.DIRECTORY.resolve("ci/base-values.yaml"));
    assertThat(others.toString()).doesNotContain("console");
  }

  @Test
  void thePlatformMayChooseTheUser() {
    for (String path : List.of("runAsUser", "runAsGroup", "fsGroup")) {
      assertThat(
              Chart.only(OBJECTS, "Deployment", "")
                  .at("/spec/template/spec/securityContext")
                  .has(path))
          .as(path)
          .isFalse();
    }
  }

  @Test
  void anAlertHasASwitchAndAThreshold() {
    String rules = Chart.only(OBJECTS, "PrometheusRule", "").toString();
    assertThat(rules)
        .doesNotContain("DuelineReplicasNotReady")
        .contains("> 1000000")
        .contains("DuelineDown");
  }

  @ParameterizedTest
  @CsvSource({
    "https://issuer.example.org/keys, 443",
    "https://issuer.example.org:8443/keys, 8443",
    "https://[fd00::1]/keys, 443"
  })
  void theKeysOfJwtCanBeFetched(String keys, int port) throws IOException {
    String yaml =
        """
        redis: {hosts: ["r:7000"]}
        security: {jwt: {issuer: i, audience: a, keys: "%s"}}
        """
            .formatted(keys);
    Path values = Files.writeString(scratch.resolve("values.yaml"), yaml);
    JsonNode policy = Chart.only(Chart.objects(values), "NetworkPolicy", "");
    assertThat(policy.at("/spec/egress").findValues("port").stream().map(JsonNode::asInt))
        .contains(port);
  }

  @Test
  void anAddressServesUntilClientsKnowTheNext() {
    Path base = Chart.DIRECTORY.resolve("ci/base-values.yaml");
    JsonNode deployment = Chart.only(Chart.objects(base), "Deployment", "");
    // The shortest time between two look-ups of a name in gRPC's libraries, by default.
    assertThat(deployment.at("/spec/minReadySeconds").asInt()).isGreaterThanOrEqualTo(30);
    assertThat(deployment.at("/spec/strategy/rollingUpdate/maxUnavailable").asInt(-1)).isZero();
  }

  @Test
  void theTestOfAReleaseTellsWhyItFailedAndGoes() {
    JsonNode pod = Chart.only(OBJECTS, "Pod", "-jobs-flow");
    // The library that renders leaves hooks out: their annotations are renamed for it.
    JsonNode annotations = pod.at("/metadata/annotations");
    assertThat(annotations.at("/dueline.dev~1hook-output-log-policy").asText())
        .isEqualTo("hook-failed");
    assertThat(annotations.at("/dueline.dev~1hook-delete-policy").asText())
        .isEqualTo("before-hook-creation,hook-failed");
    assertThat(pod.at("/spec/containers")).hasSize(1);
    assertThat(pod.at("/spec").has("initContainers")).isFalse();
  }
}
