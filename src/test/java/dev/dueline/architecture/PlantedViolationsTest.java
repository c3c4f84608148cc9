package dev.dueline.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Shows that each rule of {@link Floors} can fail: in the planted house, every field whose name
 * begins with "planted" breaks a rule, and none that begins with "allowed" does.
 */
class PlantedViolationsTest {
  private static final String ROOT = "dev.dueline.architecture.planted";
  private static final Pattern FIELD =
      Pattern.compile("Field <" + Pattern.quote(ROOT) + "\\.([\\w.]+)>");
  private static final JavaClasses PLANTED = new ClassFileImporter().importPackages(ROOT);

  static List<Arguments> violations() {
    return Stream.concat(floors(), otherRules()).toList();
  }

  private static Stream<Arguments> floors() {
    return Stream.of(
        arguments("floor root", Set.of("Planted.plantedJob")),
        arguments("floor cli", Set.of("cli.Planted.plantedJob")),
        arguments("floor client", Set.of("client.Planted.plantedCli", "client.Planted.plantedJob")),
        arguments(
            "floor grpc",
            Set.of(
                "grpc.Planted.plantedWing",
                "grpc.Planted.plantedOps",
                "grpc.Planted.plantedConsole")),
        arguments(
            "floor console", Set.of("console.Planted.plantedGrpc", "console.Planted.plantedWing")),
        arguments("floor operation", Set.of("operation.Planted.plantedGrpc")),
        arguments(
            "floor access",
            Set.of("access.Planted.plantedOperation", "access.Planted.plantedPort")),
        arguments(
            "floor delivery",
            Set.of("delivery.Planted.plantedGrpc", "delivery.Planted.plantedProto")),
        arguments("floor store", Set.of("store.Planted.plantedWing")),
        arguments("floor store.redis", Set.of("store.redis.Planted.plantedDelivery")),
        arguments("floor embedded", Set.of("embedded.Planted.plantedJob")),
        arguments("floor job", Set.of("job.Planted.plantedPort")),
        arguments("floor text", Set.of("text.Planted.plantedJob")),
        arguments("floor v1", Set.of("v1.Planted.plantedGrpc")));
  }

  private static Stream<Arguments> otherRules() {
    return Stream.of(
        arguments(
            "job knows the JDK and JSpecify only",
            Set.of(
                "job.Planted.plantedPort",
                "job.Planted.plantedRedis",
                "job.Planted.plantedStatus")),
        arguments(
            "Redis is known by store.redis and ops only",
            Set.of("delivery.Planted.plantedRedis", "job.Planted.plantedRedis")),
        arguments(
            "no gRPC, protobuf or HTTP below grpc and console",
            Set.of(
                "operation.Planted.plantedStatus",
                "operation.Planted.plantedHttp",
                "access.Planted.plantedContext",
                "delivery.Planted.plantedProto",
                "delivery.Planted.plantedStatus",
                "store.Planted.plantedBytes",
                "job.Planted.plantedStatus")));
  }

  @ParameterizedTest
  @MethodSource("violations")
  void reportsWhatIsPlantedAndNothingElse(String rule, Set<String> fields) {
    Set<String> reported = new TreeSet<>();
    for (String line : violationsOf(rule)) {
      FIELD.matcher(line).results().forEach(field -> reported.add(field.group(1)));
    }
    assertThat(reported).isEqualTo(fields);
  }

  @Test
  void reportsThePackageThatIsOnNoFloor() {
    assertThat(violationsOf("every package is on a floor"))
        .singleElement()
        .asString()
        .contains(ROOT + ".stray.Planted");
  }

  @Test
  void reportsACycleOfFloors() {
    assertThat(violationsOf("cycles (*)..")).anyMatch(line -> line.contains("plantedPort"));
  }

  @Test
  void reportsACycleOfAFloorWithItsWing() {
    assertThat(violationsOf("cycles (**)")).anyMatch(line -> line.contains("store.redis ->"));
  }

  @Test
  void everyRuleIsShownToFail() {
    Stream<String> shown =
        Stream.concat(
            violations().stream().map(each -> (String) each.get()[0]),
            Stream.of("every package is on a floor", "cycles (*)..", "cycles (**)"));
    assertThat(new Floors(ROOT).rules())
        .extracting(ArchRule::getDescription)
        .containsExactlyInAnyOrderElementsOf(shown.toList());
  }

  private static List<String> violationsOf(String description) {
    ArchRule rule =
        new Floors(ROOT)
            .rules().stream()
                .filter(each -> each.getDescription().equals(description))
                .findFirst()
                .orElseThrow();
    return rule.evaluate(PLANTED).getFailureReport().getDetails();
  }
}
