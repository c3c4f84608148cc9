package dev.dueline.system.process;

import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse.ServingStatus;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What the readiness page of a service says.
 *
 * @param status of HTTP; 0: there was no answer
 * @param page its body
 */
public record Readiness(int status, String page) {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  /** Asks for it now. */
  public static Readiness of(ServiceProcess service) {
    ManagementPage answer = ManagementPage.await(service.managementPort(), "/q/health/ready");
    return new Readiness(answer.status(), answer.text());
  }

  /** Whether {@code grpc.health.v1} says that calls may be sent, now. */
  public static boolean isServing(ServiceProcess service) {
    return HealthGrpc.newBlockingStub(service.channel())
            .withDeadlineAfter(TIMEOUT.toSeconds(), TimeUnit.SECONDS)
            .check(HealthCheckRequest.getDefaultInstance())
            .getStatus()
        == ServingStatus.SERVING;
  }

  /** Whether calls may be sent. */
  public boolean isUp() {
    return status == 200;
  }

  /** Whether it said that none shall be sent. */
  public boolean isDown() {
    return status == 503;
  }
}
