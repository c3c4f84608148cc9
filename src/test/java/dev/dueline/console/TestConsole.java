package dev.dueline.console;

import dev.dueline.access.Authenticator;
import dev.dueline.access.FailedAuthentications;
import dev.dueline.access.Permission;
import dev.dueline.access.Principal;
import dev.dueline.access.QueuePatterns;
import dev.dueline.access.Usage;
import dev.dueline.console.action.Actions;
import dev.dueline.console.action.Actions.JobBounds;
import dev.dueline.console.action.Purges;
import dev.dueline.console.http.EventStreams;
import dev.dueline.console.http.Gateway.Rules;
import dev.dueline.console.live.Sampler;
import dev.dueline.console.page.PageSet;
import dev.dueline.console.render.Pages;
import dev.dueline.console.render.Templates;
import dev.dueline.console.view.SettingsView;
import dev.dueline.delivery.context.DeliveryObserver;
import dev.dueline.delivery.lease.Leases;
import dev.dueline.delivery.news.Holders;
import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.operation.NoReplicas;
import dev.dueline.operation.TestStore;
import dev.dueline.operation.job.JobOperations;
import dev.dueline.operation.job.Schedule;
import dev.dueline.operation.queue.QueueOperations;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.due.Release;
import dev.dueline.store.due.Slots;
import dev.dueline.store.due.TestSlots;
import dev.dueline.store.queue.QueueLayout;
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
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The console over a store in memory, behind a real server, and a client that is no browser. */
final class TestConsole implements AutoCloseable {
  /** Who may look at queues that begin with {@code own-}, and do nothing. */
  static final Principal READER =
      new Principal("reader", Map.of(Permission.READ, QueuePatterns.of(List.of("own-*"))), 0, 0);

  /** One that may make a call a second. */
  static final Principal SLOW = new Principal("slow", Principal.ANYBODY.queues(), 0, 1);

  private static final int SHARDS = 2;
  private static final JobBounds BOUNDS = new JobBounds(1_000, 4, 100, 1_000_000_000L);
  private static final Supplier<SettingsView> SETTINGS =
      () ->
          new SettingsView(
              List.of(
                  new SettingsView.Setting("dueline.x", "1", "file"),
                  new SettingsView.Setting("dueline.metrics.queues", "others", "file")));

  final TestStore store = new TestStore(SHARDS);
  final TestReplica replica = new TestReplica();
  final Usage usage = new Usage(() -> 0);
  final JobOperations jobs;
  final QueueOperations queues;
  private final InstantSource clock = () -> java.time.Instant.ofEpochMilli(store.nowMs.get());
  private final Vertx vertx = Vertx.vertx();
  private final ExecutorService worker = Executors.newSingleThreadExecutor();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final HttpServer server;

  /** One for anybody. */
  static TestConsole open() {
    return new TestConsole(anybody -> Optional.of(Principal.ANYBODY), true, 0);
  }

  /** One for the reader, whose token is {@code reader}, and for who may do all, {@code all}. */
  static TestConsole guarded() {
    return guarded(10_000);
  }

  /** The same for addresses that may send so many wrong tokens. */
  static TestConsole guarded(int failures) {
    return new TestConsole(
        credentials ->
            "reader".equals(credentials.bearer())
                ? Optional.of(READER)
                : "slow".equals(credentials.bearer())
                    ? Optional.of(SLOW)
                    : "all".equals(credentials.bearer())
                        ? Optional.of(Principal.ANYBODY)
                        : Optional.empty(),
        false,
        failures);
  }

  private TestConsole(Authenticator authenticator, boolean isOpen, int failures) {
    SplittableRandom random = new SplittableRandom(1);
    Leases leases =
        new Leases(
            store.jobs, new Holders(7, new NoReplicas()), () -> random, DeliveryObserver.NONE);
    jobs =
        JobOperations.of(
            store,
            store.jobs,
            leases,
            (owner, of, most, leaseMs, wait) -> Uni.createFrom().nothing());
    queues = QueueOperations.of(store, store.operations, store.streams, NoReplicas.NO_WATCHERS);
    server =
        vertx
            .createHttpServer()
            .requestHandler(
                new Console(jobs, queues, replica, clock)
                    .handler(
                        authenticator,
                        new Rules(
                            isOpen,
                            "jobs.example",
                            false,
                            new byte[32],
                            Duration.ofHours(8),
                            new FailedAuthentications(failures, () -> 0),
                            usage),
                        new Console.Facts(BOUNDS, SETTINGS),
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

  /** Stores a job that failed once and is dead. */
  void bury(String queue, String id) {
    schedule(queue, NewJob.of(new JobId(id), new Due.At(0), new byte[0]));
    Shard shard = new QueueLayout(new QueueName(queue), SHARDS).shardOf(new JobId(id));
    Slots one = TestSlots.of(List.of(new Slots.Holder(7, 8, 60_000)), List.of(0));
    LeaseRef lease =
        store.jobs.claim(shard, one).await().indefinitely().deliveries().get(0).token().lease();
    store
        .jobs
        .release(
            shard, List.of(new Release(lease, new Release.Target.Dead(), true, "broken")), false)
        .await()
        .indefinitely();
  }

  /** The paths of all actions. */
  Set<String> actions() {
    Pages pages = new Pages(new Templates(), Map.of(), worker, clock);
    Sampler sampler = new Sampler(queues.queues(), replica, new EventStreams(), clock);
    return Actions.of(
            jobs,
            queues,
            new Purges(queues.purge()),
            PageSet.of(
                    pages,
                    new PageSet.Sources(
                        queues, jobs.jobs(), sampler, replica, queue -> Optional.empty(), SETTINGS))
                .schedule(),
            BOUNDS)
        .keySet();
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

  /** What a GET will be answered. */
  CompletableFuture<HttpResponse<String>> ask(String path) {
    return client.sendAsync(request(path).GET().build(), BodyHandlers.ofString());
  }

  /** Has no page rendered until it is told. */
  Runnable holdPages() {
    CountDownLatch held = new CountDownLatch(1);
    worker.execute(
        () -> {
          try {
            held.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    return held::countDown;
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
