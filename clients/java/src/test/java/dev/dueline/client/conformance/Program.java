package dev.dueline.client.conformance;

import dev.dueline.client.Connection;
import dev.dueline.client.ConnectionSettings;
import dev.dueline.client.DuelineException;
import dev.dueline.client.producer.BatchingProducer;
import dev.dueline.client.producer.NewJob;
import dev.dueline.client.producer.Producer;
import dev.dueline.client.worker.Jobs;
import dev.dueline.client.worker.Result;
import dev.dueline.client.worker.StopMode;
import dev.dueline.client.worker.WorkerSettings;
import dev.dueline.v1.CancelRequest;
import dev.dueline.v1.ConflictPolicy;
import dev.dueline.v1.Job;
import dev.dueline.v1.RescheduleRequest;
import dev.dueline.v1.RetryPolicy;
import dev.dueline.v1.ScheduleResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** What the conformance suite drives: does with the library what it is told, and says what came. */
public final class Program {
  private static final int PATTERN = 251;

  private final PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
  private final ExecutorService commands =
      Executors.newCachedThreadPool(
          action -> {
            Thread thread = new Thread(action, "command");
            thread.setDaemon(true);
            return thread;
          });
  private final Map<String, ObservedWorker> workers = new ConcurrentHashMap<>();
  private Connection connection;

  private Program() {}

  /** Reads commands until there are no more. */
  public static void main(String[] args) throws IOException {
    Program program = new Program();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      Message command = Message.parse(line);
      if (command.text("do").equals("connect") || command.text("do").equals("worker_start")) {
        program.answer(command);
      } else {
        program.commands.execute(() -> program.answer(command));
      }
    }
    Runtime.getRuntime().halt(0);
  }

  private void answer(Message command) {
    Map<String, Object> reply = new TreeMap<>();
    reply.put("reply", command.number("id", 0));
    try {
      reply.putAll(run(command));
    } catch (Exception e) {
      reply.put("error", Message.error(e));
    }
    Message.write(out, reply);
  }

  private Map<String, Object> run(Message command) throws Exception {
    return switch (command.text("do")) {
      case "connect" -> connect(command);
      case "schedule" -> schedule(command);
      case "schedule_many" -> scheduleMany(command);
      case "cancel" -> cancel(command);
      case "reschedule" -> reschedule(command);
      case "get" -> get(command);
      case "worker_start" -> startWorker(command);
      case "worker_stop" -> stopWorker(command);
      case "iterate" -> iterate(command);
      default -> throw new IllegalArgumentException("unknown command " + command.text("do"));
    };
  }

  private Map<String, Object> connect(Message command) {
    ConnectionSettings settings =
        ConnectionSettings.to(command.list("targets").toArray(String[]::new))
            .withToken(command.text("token"));
    connection =
        Connection.open(
            settings.withTimeouts(
                command.time("call_timeout_ms", settings.timeout()),
                command.time("attempt_timeout_ms", settings.attemptTimeout())));
    return Map.of();
  }

  private Map<String, Object> schedule(Message command) {
    NewJob job = NewJob.of(command.text("queue")).id(command.text("job_id"));
    job.attributes(command.map("attributes")).requestId(command.text("request_id"));
    if (command.has("delay_ms")) {
      job.in(command.time("delay_ms", Duration.ZERO));
    }
    if (command.has("cron")) {
      job.cron(command.text("cron"), "");
    }
    if (command.has("ttl_ms")) {
      job.ttl(command.time("ttl_ms", Duration.ZERO));
    }
    if (command.has("on_conflict")) {
      String policy = command.text("on_conflict").toUpperCase(Locale.ROOT).replace('-', '_');
      job.onConflict(ConflictPolicy.valueOf("CONFLICT_POLICY_" + policy));
    }
    retry(command, job);
    job.payload(payload(command));
    ScheduleResponse answer = new Producer(connection).schedule(job).join();
    return Map.of(
        "job_id", answer.getJobId(),
        "outcome", word(answer.getOutcome().name(), "SCHEDULE_OUTCOME_"),
        "first_outcome", word(answer.getFirstOutcome().name(), "SCHEDULE_OUTCOME_"),
        "job_state", word(answer.getJobState().name(), "JOB_STATE_"),
        "due_ms", com.google.protobuf.util.Timestamps.toMillis(answer.getDueTime()));
  }

  private static void retry(Message command, NewJob job) {
    if (!command.has("max_attempts") && !command.has("initial_backoff_ms")) {
      return;
    }
    RetryPolicy.Builder policy =
        RetryPolicy.newBuilder().setMaxAttempts(command.number("max_attempts", 0));
    if (command.has("initial_backoff_ms")) {
      policy.setInitialBackoff(proto(command.time("initial_backoff_ms", Duration.ZERO)));
    }
    job.retry(policy.build());
  }

  private static byte[] payload(Message command) {
    if (!command.has("payload_size")) {
      return command.text("payload").getBytes(StandardCharsets.UTF_8);
    }
    byte[] bytes = new byte[command.number("payload_size", 0)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i % PATTERN);
    }
    return bytes;
  }

  private static com.google.protobuf.Duration proto(Duration duration) {
    return com.google.protobuf.util.Durations.fromMillis(duration.toMillis());
  }

  private static String word(String name, String prefix) {
    String word = name.substring(prefix.length());
    return word.equals("UNSPECIFIED") ? "" : word;
  }

  private Map<String, Object> scheduleMany(Message command) throws InterruptedException {
    int count = command.number("count", 0);
    Semaphore underWay = new Semaphore(command.number("concurrency", 50));
    Producer producer = new Producer(connection);
    BatchingProducer batching = new BatchingProducer(connection);
    List<Map<String, Object>> failed = new ArrayList<>();
    AtomicInteger stored = new AtomicInteger();
    List<CompletableFuture<?>> answers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      NewJob job = many(command, i, count);
      String id = job.toRequest().getJobId();
      underWay.acquire();
      CompletableFuture<ScheduleResponse> answer =
          command.isTrue("batching") ? batching.schedule(job) : producer.schedule(job);
      answers.add(
          answer.handle(
              (response, failure) -> {
                underWay.release();
                if (failure == null) {
                  return stored.incrementAndGet();
                }
                synchronized (failed) {
                  return failed.add(Map.of("job_id", id, "error", Message.error(failure)));
                }
              }));
    }
    CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).join();
    return Map.of("stored", stored.get(), "failed", failed);
  }

  private static NewJob many(Message command, int i, int count) {
    String id = command.text("prefix") + "-" + i;
    long delayMs = command.number("delay_ms", 0);
    long spreadMs = command.number("spread_ms", 0);
    NewJob job =
        NewJob.of(command.text("queue"))
            .id(id)
            .payload(id)
            .attributes(command.map("attributes"))
            .in(Duration.ofMillis(delayMs + i * spreadMs / count));
    retry(command, job);
    return job;
  }

  private Map<String, Object> cancel(Message command) {
    CancelRequest request =
        CancelRequest.newBuilder()
            .setQueue(command.text("queue"))
            .setJobId(command.text("job_id"))
            .setCancelLeased(command.isTrue("cancel_leased"))
            .build();
    String outcome = new Producer(connection).cancel(request).join().name();
    return Map.of("outcome", word(outcome, "CANCEL_OUTCOME_"));
  }

  private Map<String, Object> reschedule(Message command) {
    RescheduleRequest request =
        RescheduleRequest.newBuilder()
            .setQueue(command.text("queue"))
            .setJobId(command.text("job_id"))
            .setDelay(proto(command.time("delay_ms", Duration.ZERO)))
            .build();
    new Producer(connection).reschedule(request).join();
    return Map.of();
  }

  private Map<String, Object> get(Message command) {
    Job job = new Producer(connection).get(command.text("queue"), command.text("job_id")).join();
    return Map.of(
        "state", word(job.getState().name(), "JOB_STATE_"),
        "failed_attempts", job.getFailedAttempts(),
        "last_failure", job.getLastFailure());
  }

  private static WorkerSettings settings(Message command) {
    WorkerSettings settings = WorkerSettings.of(command.list("queues").toArray(String[]::new));
    settings = settings.withLease(command.time("lease_ms", settings.lease()));
    return settings
        .withConcurrency(command.number("concurrency", settings.concurrency()))
        .withMaxRunTime(command.time("max_run_ms", settings.maxRunTime()))
        .withHeartbeat(command.time("heartbeat_ms", settings.heartbeat()))
        .withName(command.text("worker"));
  }

  private Map<String, Object> startWorker(Message command) {
    String name = command.text("worker");
    workers.put(name, new ObservedWorker(connection, settings(command), name, out));
    return Map.of();
  }

  private Map<String, Object> stopWorker(Message command) {
    StopMode mode =
        command.text("mode").equals("give_back") ? StopMode.GIVE_BACK : StopMode.WAIT;
    Duration timeout = command.time("timeout_ms", Duration.ofSeconds(30));
    workers.get(command.text("worker")).stop(mode, timeout);
    return Map.of();
  }

  private Map<String, Object> iterate(Message command) throws InterruptedException {
    List<Map<String, Object>> taken = new ArrayList<>();
    int count = command.number("count", 1);
    try (Jobs jobs = new Jobs(connection, settings(command))) {
      while (taken.size() < count) {
        Jobs.Taken job = jobs.next(Duration.ofMinutes(1));
        if (job == null) {
          throw DuelineException.of(
              io.grpc.Status.DEADLINE_EXCEEDED.withDescription("no job").asRuntimeException());
        }
        Map<String, String> attributes = job.delivery().attributes();
        job.settle(
            "dead".equals(attributes.get("do"))
                ? Result.dead(attributes.getOrDefault("message", ""))
                : Result.done());
        taken.add(
            Map.of("job_id", job.delivery().jobId(), "attempt", job.delivery().attempt()));
      }
    }
    return Map.of("jobs", taken);
  }
}
