package dev.dueline.cli.bench.run;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The service's own metrics, as Prometheus reads them. */
public final class MetricsPage {
  public static final String USED_MEMORY = "dueline_redis_used_memory_bytes";

  /** Reads, after which the last one has to do. */
  private static final int MOST_READS = 10;

  /** How far two reads may differ that count as the same. */
  private static final double TOLERANCE = 0.001;

  /** As Prometheus asks: by default it would ask for an upgrade to HTTP/2. */
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final URI url;
  private final Duration interval;
  private final Duration timeout;

  /** The page there, read again after each interval. */
  public MetricsPage(URI url, Duration interval, Duration timeout) {
    this.url = url;
    this.interval = interval;
    this.timeout = timeout;
  }

  /**
   * The bytes that Redis uses, once they have settled: a read refreshes them, so that it may find
   * what was true before.
   *
   * @throws UnusableRunException when the page, the gauge or its value is missing
   */
  public double settledMemory() throws InterruptedException {
    double last = usedMemory();
    for (int reads = 1; reads < MOST_READS; reads++) {
      TimeUnit.MILLISECONDS.sleep(interval.toMillis());
      double next = usedMemory();
      if (Math.abs(next - last) <= TOLERANCE * last) {
        return next;
      }
      last = next;
    }
    if (Double.isNaN(last)) {
      throw new UnusableRunException("the service does not hear from Redis: " + url);
    }
    return last;
  }

  private double usedMemory() throws InterruptedException {
    String page = read();
    // Several where there is one for each node of a cluster.
    Matcher lines =
        Pattern.compile("^" + USED_MEMORY + "(?:\\{.*})? (\\S+)", Pattern.MULTILINE).matcher(page);
    if (!lines.find()) {
      throw new UnusableRunException("no gauge " + USED_MEMORY + " on " + url);
    }
    double bytes = 0;
    do {
      bytes += Double.parseDouble(lines.group(1));
    } while (lines.find());
    return bytes;
  }

  private String read() throws InterruptedException {
    try {
      HttpRequest request = HttpRequest.newBuilder(url).timeout(timeout).build();
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new UnusableRunException("HTTP status " + response.statusCode() + " from " + url);
      }
      return response.body();
    } catch (IOException | IllegalArgumentException e) {
      throw new UnusableRunException("no metrics page at " + url + " (--metrics-url): " + e);
    }
  }
}
