package dev.dueline.system.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many replicas the Deployment asks for, with an autoscaler and without. */
class ReplicasTest {
  private static final String AUTOSCALED =
      """
      redis: {hosts: ["r:6379"]}
      security: {insecure: true}
      autoscaling: {enabled: %b}
      """;

  @TempDir private Path scratch;

  @Test
  void anAutoscalerKeepsThoseThatRun() throws IOException {
    List<JsonNode> objects = Chart.objectsWhileRunning(7, values(true));
    assertThat(replicas(objects).asInt()).isEqualTo(7);
    assertThat(Chart.only(objects, "HorizontalPodAutoscaler", "").isObject()).isTrue();
  }

  @Test
  void oneScaledToNothingStaysSo() throws IOException {
    List<JsonNode> objects = Chart.objectsWhileRunning(0, values(true));
    assertThat(replicas(objects).asInt(-1)).isZero();
  }

  @Test
  void anAutoscalerIsLeftAloneWhereNothingIsKnownOfTheCluster() throws IOException {
    assertThat(replicas(Chart.objects(values(true))).isMissingNode()).isTrue();
  }

  @Test
  void withoutAnAutoscalerTheValueHolds() throws IOException {
    assertThat(replicas(Chart.objectsWhileRunning(7, values(false))).asInt()).isEqualTo(3);
  }

  private Path values(boolean isAutoscaled) throws IOException {
    return Files.writeString(scratch.resolve("values.yaml"), AUTOSCALED.formatted(isAutoscaled));
  }

  private static JsonNode replicas(List<JsonNode> objects) {
    return Chart.only(objects, "Deployment", "").at("/spec/replicas");
  }
}
