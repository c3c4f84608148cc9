package dev.dueline.system.load;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Tabs of a browser that show the overview: each follows the stream of events, and loads the page
 * again whenever it is told that something moved.
 */
final class ConsoleTabs implements AutoCloseable {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final int port;
  private final List<Stream<String>> streams = new ArrayList<>();
  private final AtomicInteger loads = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();

  private ConsoleTabs(int port) {
    this.port = port;
  }

  static ConsoleTabs open(int port, int count) throws IOException, InterruptedException {
    ConsoleTabs tabs = new ConsoleTabs(port);
    for (int i = 0; i < count; i++) {
      Stream<String> lines = HTTP.send(request(port, "/events"), BodyHandlers.ofLines()).body();
      tabs.streams.add(lines);
      Thread reader = new Thread(() -> tabs.follow(lines), "tab-" + i);
      reader.setDaemon(true);
      reader.start();
    }
    return tabs;
  }

  /** The text of a page; fails where there is none. */
  static String load(int port, String path) throws IOException, InterruptedException {
    HttpResponse<String> page = HTTP.send(request(port, path), BodyHandlers.ofString());
    if (page.statusCode() != 200) {
      throw new IOException(path + ": " + page.statusCode());
    }
    return page.body();
  }

  /** How often pages were loaded. */
  int loads() {
    return loads.get();
  }

  /** Pages that did not come. */
  int failures() {
    return failures.get();
  }

  void awaitLoads(int count) {
    await("loads of pages").atMost(TIMEOUT).until(() -> loads.get() >= count);
  }

  private void follow(Stream<String> lines) {
    try {
      lines.filter(line -> line.equals("event: sample")).forEach(event -> loadAgain());
    } catch (RuntimeException e) {
      // The tab was closed.
      return;
    }
  }

  private void loadAgain() {
    try {
      load(port, "/");
      loads.incrementAndGet();
    } catch (IOException e) {
      failures.incrementAndGet();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static HttpRequest request(int port, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
  }

  @Override
  public void close() {
    streams.forEach(Stream::close);
  }
}
