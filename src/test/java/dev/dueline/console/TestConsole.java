package dev.dueline.console;

import dev.dueline.access.Authenticator;
import dev.dueline.access.Permission;
import dev.dueline.access.Principal;
import dev.dueline.access.QueuePatterns;
import dev.dueline.console.action.Actions.JobBounds;
import dev.dueline.console.http.Gateway.Rules;
import dev.dueline.console.view.SettingsView;
import dev.dueline.delivery.context.DeliveryObserver;
import dev.dueline.delivery.lease.Leases;
import dev.dueline.delivery.news.Holders;
import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.operation.NoReplicas;
import dev.dueline.operation.TestStore;
import dev.dueline.operation.job.JobOperations;
import dev.dueline.operation.job.Schedule;
import dev.dueline.operation.queue.QueueOperations;
import dev.dueline.store.call.ScheduleItem;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The console over a store in memory, behind a real server, and a client that is no browser. */
final class TestConsole implements AutoCloseable {
  /** Who may look at queues that begin with {@code own-}, and do nothing. */
  static final Principal READER =
      new Principal("reader", Map.of(Permission.READ, QueuePatterns.of(List.of("own-*"))), 0, 0);

  final TestStore store = new TestStore(2);
  final TestReplica replica = new TestReplica();
  final JobOperations jobs;
  final QueueOperations queues;
  private final Vertx vertx = Vertx.vertx();
  private final ExecutorService worker = Executors.newSingleThreadExecutor();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final HttpServer server;

  /** One for anybody. */
  static TestConsole open() {
    return new TestConsole(anybody -> Optional.of(Principal.ANYBODY), true);
  }

  /** One for the reader, whose token is {@code reader}, and for who may do all, {@code all}. */
  static TestConsole guarded() {
    return new TestConsole(
        credentials ->
            "reader".equals(credentials.bearer())
                ? Optional.of(READER)
                : "all".equals(credentials.bearer())
                    ? Optional.of(Principal.ANYBODY)
                    : Optional.empty(),
        false);
  }

  private TestConsole(Authenticator authenticator, boolean isOpen) {
    SplittableRandom random = new SplittableRandom(1);
    Leases leases =
        new Leases(
            store.jobs, new Holders(7, new NoReplicas()), () -> random, DeliveryObserver.NONE);
    jobs =
        JobOperations.of(
            store, store.jobs, leases, (of, most, leaseMs, wait) -> Uni.createFrom().nothing());
    queues = QueueOperations.of(store, store.operations, store.streams, NoReplicas.NO_WATCHERS);
    InstantSource clock = () -> java.time.Instant.ofEpochMilli(store.nowMs.get());
    server =
        vertx
            .createHttpServer()
            .requestHandler(
                new Console(jobs, queues, replica, clock)
                    .handler(
                        authenticator,
                        new Rules(isOpen, "jobs.example", false, new byte[32], Duration.ofHours(8)),
                        new Console.Facts(
                            new JobBounds(1_000, 4, 100, 1_000_000_000L),
                            () ->
                                new SettingsView(
                                    List.of(
                                        new SettingsView.Setting("dueline.x", "1", "file"),
                                        new SettingsView.Setting(
                                            "dueline.metrics.queues", "others", "file")))),
                        worker))
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  /** Stores a job. */
  void schedule(String queue, NewJob job) {
    jobs.schedule()
        .one(new Schedule.Item(new QueueName(queue), new ScheduleItem(job, ConflictPolicy.REJECT)))
        .await()
        .atMost(Duration.ofSeconds(60));
  }

  /** What a GET is answered, as seen from a page of the console. */
  HttpResponse<String> get(String path, String... headers) {
    return send(request(path).GET(), headers);
  }

  /**
   * What a form is answered that was sent from a page of the console.
   *
   * @param fields names and values in turn
   */
  HttpResponse<String> post(String path, List<String> fields, String... headers) {
    return send(form(path, fields).header("Sec-Fetch-Site", "same-origin"), headers);
  }

  /** The same from elsewhere. */
  HttpResponse<String> postFrom(String site, String path, List<String> fields) {
    return send(form(path, fields).header("Sec-Fetch-Site", site));
  }

  /** The port. */
  int port() {
    return server.actualPort();
  }

  HttpResponse<String> send(HttpRequest.Builder request, String... headers) {
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  HttpRequest.Builder form(String path, List<String> fields) {
    return request(path)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(
            BodyPublishers.ofString(
                IntStream.range(0, fields.size() / 2)
                    .mapToObj(i -> encode(fields.get(2 * i)) + "=" + encode(fields.get(2 * i + 1)))
                    .collect(Collectors.joining("&"))));
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
        .timeout(Duration.ofSeconds(60));
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
    worker.shutdownNow();
  }
}
