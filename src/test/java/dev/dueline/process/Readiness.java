package dev.dueline.process;

import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse.ServingStatus;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What the readiness page of a service says.
 *
 * @param status of HTTP; 0: there was no answer
 * @param page its body
 */
public record Readiness(int status, String page) {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Asks for it now. */
  public static Readiness of(ServiceProcess service) {
    URI uri = URI.create("http://127.0.0.1:" + service.managementPort() + "/q/health/ready");
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(PATIENCE).build();
    try {
      HttpResponse<String> answer = HTTP.send(request, BodyHandlers.ofString());
      return new Readiness(answer.statusCode(), answer.body());
    } catch (IOException e) {
      return new Readiness(0, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Whether {@code grpc.health.v1} says that calls may be sent, now. */
  public static boolean isServing(ServiceProcess service) {
    return HealthGrpc.newBlockingStub(service.channel())
            .withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS)
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
