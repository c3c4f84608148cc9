package dev.dueline.system.k8s;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/**
 * What Kubernetes and the Prometheus operator would take: of a kind that is known here, with no
 * field that is unknown to it, none of the wrong type, and, but for the operator's, none missing.
 */
final class KubernetesModel {
  private static final Map<String, Model> KUBERNETES =
      Map.of(
          "apps/v1 Deployment",
          new Model(V1Deployment.class, V1Deployment::validateJsonElement),
          "autoscaling/v2 HorizontalPodAutoscaler",
          new Model(
              V2HorizontalPodAutoscaler.class, V2HorizontalPodAutoscaler::validateJsonElement),
          "networking.k8s.io/v1 Ingress",
          new Model(V1Ingress.class, V1Ingress::validateJsonElement),
          "networking.k8s.io/v1 NetworkPolicy",
          new Model(V1NetworkPolicy.class, V1NetworkPolicy::validateJsonElement),
          "policy/v1 PodDisruptionBudget",
          new Model(V1PodDisruptionBudget.class, V1PodDisruptionBudget::validateJsonElement),
          "v1 ConfigMap",
          new Model(V1ConfigMap.class, V1ConfigMap::validateJsonElement),
          "v1 Pod",
          new Model(V1Pod.class, V1Pod::validateJsonElement),
          "v1 Secret",
          new Model(V1Secret.class, V1Secret::validateJsonElement),
          "v1 Service",
          new Model(V1Service.class, V1Service::validateJsonElement),
          "v1 ServiceAccount",
          new Model(V1ServiceAccount.class, V1ServiceAccount::validateJsonElement));

  private static final Map<String, Class<?>> OPERATOR =
      Map.of(
          "monitoring.coreos.com/v1 PodMonitor", PodMonitor.class,
          "monitoring.coreos.com/v1 PrometheusRule", PrometheusRule.class,
          "monitoring.coreos.com/v1 ServiceMonitor", ServiceMonitor.class);

  /** The fields that the chart may set of kinds for which no model is at hand, as paths in spec. */
  private static final Map<String, Set<String>> FIELDS =
      Map.of(
          "gateway.networking.k8s.io/v1 GRPCRoute",
          Set.of(
              "/parentRefs/name",
              "/parentRefs/namespace",
              "/parentRefs/sectionName",
              "/hostnames",
              "/rules/backendRefs/name",
              "/rules/backendRefs/port"),
          "cert-manager.io/v1 Certificate",
          Set.of(
              "/secretName",
              "/issuerRef/name",
              "/issuerRef/kind",
              "/issuerRef/group",
              "/dnsNames",
              "/duration",
              "/renewBefore",
              "/usages",
              "/privateKey/encoding",
              "/privateKey/rotationPolicy"));

  private static final ObjectMapper STRICT =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .annotationIntrospector(new NoRoomForMore())
          .build();

  private KubernetesModel() {}

  /**
   * Passes if it would be taken.
   *
   * @throws IllegalArgumentException if not; the message names the field
   */
  static void check(JsonNode object) {
    String kind = object.at("/apiVersion").asText() + " " + object.at("/kind").asText();
    try {
      if (OPERATOR.containsKey(kind)) {
        STRICT.treeToValue(object, OPERATOR.get(kind));
      } else if (KUBERNETES.containsKey(kind)) {
        KUBERNETES.get(kind).check(object.toString());
      } else if (FIELDS.containsKey(kind)) {
        checkFields(FIELDS.get(kind), "", object.at("/spec"));
      } else {
        throw new IllegalArgumentException("no model of " + kind);
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException(
          kind + " " + object.at("/metadata/name").asText() + ": " + e.getMessage(), e);
    }
  }

  private static void checkFields(Set<String> known, String path, JsonNode value) {
    if (value.isObject()) {
      value.properties().forEach(e -> checkFields(known, path + "/" + e.getKey(), e.getValue()));
    } else if (value.isArray()) {
      value.forEach(element -> checkFields(known, path, element));
    } else if (!known.contains(path)) {
      throw new IllegalArgumentException("unknown field " + path);
    }
  }

  private record Model(Class<?> type, Validation validation) {
    void check(String json) throws IOException {
      validation.check(JsonParser.parseString(json));
      JSON.deserialize(json, type);
    }
  }

  @FunctionalInterface
  private interface Validation {
    void check(JsonElement element) throws IOException;
  }

  /** The models take what they do not know as additional properties; here they must not. */
  private static final class NoRoomForMore extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public Boolean hasAnySetter(Annotated member) {
      return false;
    }
  }
}
