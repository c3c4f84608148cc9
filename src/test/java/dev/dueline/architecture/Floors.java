package dev.dueline.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The floors of the house below a root package: who may import whom.
 *
 * <pre>
 * (root)       cli, ops
 * cli          client, v1, text
 * client       v1
 * ops          everything
 * grpc         operation, access, delivery, store, job, v1, text
 * console      operation, access, delivery, store, job, text
 * operation    access, delivery, store, job
 * access       job
 * delivery     store, job
 * store        job
 * store.redis  store, job
 * embedded
 * job
 * text
 * v1           the generated contract, as is testing.v1
 * </pre>
 *
 * <p>The root is a parameter so that the same rules can be shown to fail on a planted house.
 */
public record Floors(String root) {

  /** All rules. Each may find nothing to check, as a floor can be empty. */
  public List<ArchRule> rules() {
    List<ArchRule> rules = new ArrayList<>();
    rules.add(floor("root", resideInAPackage(root), packages("cli..", "ops..")));
    rules.add(floor("cli", packages("cli.."), contract().or(packages("client..", "text.."))));
    rules.add(floor("client", packages("client.."), contract()));
    rules.add(
        floor(
            "grpc",
            packages("grpc.."),
            port()
                .or(contract())
                .or(packages("operation..", "access..", "delivery..", "job..", "text.."))));
    rules.add(
        floor(
            "console",
            packages("console.."),
            port().or(packages("operation..", "access..", "delivery..", "job..", "text.."))));
    rules.add(
        floor(
            "operation",
            packages("operation.."),
            port().or(packages("access..", "delivery..", "job.."))));
    rules.add(floor("access", packages("access.."), packages("job..")));
    rules.add(floor("delivery", packages("delivery.."), port().or(packages("job.."))));
    rules.add(floor("store", port(), packages("job..")));
    rules.add(floor("store.redis", packages("store.redis.."), port().or(packages("job.."))));
    rules.add(floor("embedded", packages("embedded.."), packages()));
    rules.add(floor("job", packages("job.."), packages()));
    rules.add(floor("text", packages("text.."), packages()));
    rules.add(floor("v1", contract(), packages()));
    rules.add(everyPackageIsOnAFloor());
    rules.add(jobKnowsTheJdkOnly());
    rules.add(redisIsKnownByItsAdapterOnly());
    rules.add(noWireBelowGrpcAndConsole());
    rules.add(noCycles("(*).."));
    rules.add(noCycles("(**)"));
    return rules.stream().map(rule -> rule.allowEmptyShould(true)).toList();
  }

  private ArchRule floor(
      String name, DescribedPredicate<JavaClass> floor, DescribedPredicate<JavaClass> below) {
    return noClasses()
        .that(floor)
        .should()
        .dependOnClassesThat(resideInAPackage(root + "..").and(not(floor)).and(not(below)))
        .as("floor " + name);
  }

  private ArchRule everyPackageIsOnAFloor() {
    return classes()
        .that()
        .resideInAPackage(root + "..")
        .should()
        .resideInAnyPackage(
            names(
                "",
                "cli..",
                "client..",
                "ops..",
                "grpc..",
                "console..",
                "operation..",
                "access..",
                "delivery..",
                "store..",
                "embedded..",
                "job..",
                "text..",
                "v1..",
                "testing.v1.."))
        .as("every package is on a floor");
  }

  private ArchRule jobKnowsTheJdkOnly() {
    return classes()
        .that(packages("job.."))
        .should()
        .onlyDependOnClassesThat(
            packages("job..").or(resideInAnyPackage("java..", "org.jspecify.annotations..")))
        .as("job knows the JDK and JSpecify only");
  }

  private ArchRule redisIsKnownByItsAdapterOnly() {
    return noClasses()
        .that(resideInAPackage(root + "..").and(not(packages("store.redis..", "ops.."))))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.vertx.redis..", "io.vertx.mutiny.redis..", "io.quarkus.redis..")
        .as("Redis is known by store.redis and ops only");
  }

  private ArchRule noWireBelowGrpcAndConsole() {
    return noClasses()
        .that(packages("operation..", "access..", "delivery..", "store..", "job.."))
        .should()
        .dependOnClassesThat(
            contract()
                .or(
                    resideInAnyPackage(
                        "com.google.protobuf..",
                        "com.google.rpc..",
                        "io.grpc..",
                        "io.quarkus.grpc..",
                        "io.vertx.core.http..",
                        "io.vertx.mutiny.core.http..",
                        "io.vertx.ext.web..",
                        "io.vertx.mutiny.ext.web..",
                        "jakarta.ws.rs..")))
        .as("no gRPC, protobuf or HTTP below grpc and console");
  }

  private ArchRule noCycles(String slices) {
    return slices().matching(root + "." + slices).should().beFreeOfCycles().as("cycles " + slices);
  }

  private DescribedPredicate<JavaClass> contract() {
    return packages("v1..", "testing.v1..");
  }

  /** The store without the adapter that knows Redis. */
  private DescribedPredicate<JavaClass> port() {
    return packages("store..").and(not(packages("store.redis..")));
  }

  private DescribedPredicate<JavaClass> packages(String... below) {
    return resideInAnyPackage(names(below));
  }

  private String[] names(String... below) {
    return Stream.of(below)
        .map(name -> name.isEmpty() ? root : root + "." + name)
        .toArray(String[]::new);
  }
}
