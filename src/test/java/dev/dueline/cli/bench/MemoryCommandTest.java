package dev.dueline.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.dueline.cli.CommandRun;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class MemoryCommandTest {
  private static final String COMMAND =
      "memory --jobs 1000 --payload 50 --metrics-interval 1ms --json --metrics-url ";

  private FakeService service;
  private HttpServer metrics;

  @BeforeEach
  void start() throws IOException {
    service = new FakeService();
    metrics = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    metrics.start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    metrics.stop(0);
    service.close();
  }

  @Test
  void printsWhatAJobTakesBeyondItsPayload() {
    // Two shards of a cluster, one of which holds everything: 200 bytes a job.
    page(
        () ->
            "# TYPE dueline_redis_used_memory_bytes gauge\n"
                + "dueline_redis_used_memory_bytes_other 7.0\n"
                + "dueline_redis_used_memory_bytes{node=\"a\"} "
                + (1e6 + 200.0 * service.waiting().size())
                + "\ndueline_redis_used_memory_bytes{node=\"b\"} 5.0E5\n");
    CommandRun run = service.bench(COMMAND + url());
    assertThat(run.exitCode()).describedAs("%s", run.err()).isZero();
    JsonObject figures = new JsonObject(run.out().get(0));
    assertThat(figures.getDouble("used_before_bytes")).isEqualTo(1.5e6);
    assertThat(figures.getDouble("bytes_per_job")).isEqualTo(200);
    assertThat(figures.getDouble("overhead_bytes_per_job")).isEqualTo(150);
    assertThat(service.waiting()).isEmpty();
  }

  @Test
  void aPageWithoutTheGaugeIsAnError() {
    page(() -> "up 1\n");
    CommandRun run = service.bench(COMMAND + url());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .containsExactly("dueline: no gauge dueline_redis_used_memory_bytes on " + url());
  }

  @Test
  void aMissingPageIsAnError() {
    CommandRun run = service.bench(COMMAND + url());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).containsExactly("dueline: HTTP status 404 from " + url());
  }

  private String url() {
    return "http://127.0.0.1:" + metrics.getAddress().getPort() + "/q/metrics";
  }

  private void page(Supplier<String> text) {
    metrics.createContext(
        "/q/metrics",
        exchange -> {
          byte[] body = text.get().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }
}
