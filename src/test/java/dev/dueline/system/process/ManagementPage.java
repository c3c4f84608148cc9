package dev.dueline.system.process;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/**
 * What the management port of a service on 127.0.0.1 says. Asked by HTTP/1.1, as a kubelet and
 * Prometheus ask: Java's client would upgrade each connection to HTTP/2 by default, and sometimes
 * loses track of the frames then.
 *
 * @param status of HTTP; 0: there was no answer
 * @param text its body
 */
public record ManagementPage(int status, String text) {
  private static final HttpClient HTTP = HttpClient.newBuilder().version(Version.HTTP_1_1).build();
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  /** For a page that comes: the machine may stand still for seconds. */
  private static final Duration LONG = Duration.ofSeconds(60);

  /** Asks for it now; no answer within a few seconds is none. */
  public static ManagementPage get(int port, String path) {
    return get(port, path, TIMEOUT);
  }

  /** The same, of a service that answers. */
  static ManagementPage await(int port, String path) {
    return get(port, path, LONG);
  }

  private static ManagementPage get(int port, String path, Duration timeout) {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(timeout).build();
    try {
      HttpResponse<String> answer = HTTP.send(request, BodyHandlers.ofString());
      return new ManagementPage(answer.statusCode(), answer.body());
    } catch (IOException e) {
      return new ManagementPage(0, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The metrics of a service, which must answer. */
  public static ManagementPage metrics(ServiceProcess service) {
    ManagementPage page = await(service.managementPort(), "/q/metrics");
    if (page.status != 200) {
      throw new IllegalStateException("no metrics: " + page);
    }
    return page;
  }

  /** The sum of a metric over its labels; 0 if there is none. */
  public double sum(String metric) {
    return text.lines()
        .filter(line -> line.matches(metric + "(\\{[^}]*})? .*"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
