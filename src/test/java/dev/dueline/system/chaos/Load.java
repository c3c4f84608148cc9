package dev.dueline.system.chaos;

import com.google.protobuf.util.Timestamps;
import dev.dueline.system.chaos.History.Answer;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.PullDueRequest;
import dev.dueline.v1.PullDueResponse;
import dev.dueline.v1.RetryPolicy;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.ScheduleResponse;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/** Schedules and cancels at a steady rate, and pulls, whatever becomes of it. */
final class Load {
  private static final int CANCELED_PERCENT = 20;
  private static final int MOST_DELAY_MS = 3_000;

  /** The policy of a client that retries UNAVAILABLE: doubled from the least to the most. */
  private static final long LEAST_BACKOFF_MS = 100;

  private static final long MOST_BACKOFF_MS = 1_000;

  /** After which a client gives up on one job. */
  private static final long GIVE_UP_MS = 60_000;

  private final Client client;
  private final Replicas replicas;
  private final History history;
  private final ScheduledExecutorService executor;
  private final RandomGenerator random;
  private final AtomicInteger jobs = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();

  Load(Client client, Replicas replicas, History history, ScheduledExecutorService executor) {
    this.client = client;
    this.replicas = replicas;
    this.history = history;
    this.executor = executor;
    this.random = client.random();
  }

  /** Begins; canceling what it gives ends it. */
  ScheduledFuture<?> start(int jobsASecond) {
    history.add(new History.Connected("pull", Integer.MAX_VALUE, true));
    pull(client.random());
    return executor.scheduleAtFixedRate(
        this::step, 0, 1_000_000 / jobsASecond, TimeUnit.MICROSECONDS);
  }

  /** Jobs that it has scheduled, or tried to. */
  int jobs() {
    return jobs.get();
  }

  /** Whether each Schedule has been answered, or given up. */
  boolean isQuiet() {
    return open.get() == 0;
  }

  private void step() {
    String job = "job" + jobs.incrementAndGet();
    long delayMs = random.nextInt(MOST_DELAY_MS);
    boolean isForced = random.nextBoolean();
    long nowMs = Client.nowUs() / 1_000;
    RetryPolicy policy =
        RetryPolicy.newBuilder().setMaxAttempts(50).setInitialBackoff(Client.ms(100)).build();
    ScheduleRequest.Builder request =
        ScheduleRequest.newBuilder().setQueue(Client.QUEUE).setJobId(job).setRetryPolicy(policy);
    if (random.nextBoolean()) {
      request.setRequestId(job);
    }
    if (random.nextBoolean()) {
      request.setDelay(Client.ms(delayMs));
    } else {
      request.setDueTime(Timestamps.fromMillis(nowMs + delayMs));
    }
    open.incrementAndGet();
    schedule(new Attempt(request.build(), nowMs, nowMs + delayMs, 0));
    if (random.nextInt(100) < CANCELED_PERCENT) {
      long cancelMs = random.nextInt(4_000);
      executor.schedule(() -> client.cancel(job, isForced), cancelMs, TimeUnit.MILLISECONDS);
    }
  }

  /**
   * One call of a Schedule.
   *
   * @param beganMs when the first call of it was made
   * @param unanswered calls before it
   */
  private record Attempt(ScheduleRequest request, long beganMs, long earliestMs, int unanswered) {
    Attempt next() {
      return new Attempt(request, beganMs, earliestMs, unanswered + 1);
    }

    long backoffMs() {
      return Math.min(MOST_BACKOFF_MS, LEAST_BACKOFF_MS << Math.min(unanswered, 10));
    }
  }

  private void schedule(Attempt attempt) {
    long calledUs = Client.nowUs();
    Unary<ScheduleResponse> reply = new Unary<>();
    replicas.any(client.random()).schedule(attempt.request(), reply);
    reply.whenComplete(
        (response, failure) -> {
          if (failure == null) {
            done(attempt, Answer.YES, Client.millis(response.getDueTime()));
          } else if (client.isFull("Schedule", calledUs, failure)) {
            done(attempt, Answer.NO, 0);
          } else {
            client.unknown("Schedule", failure);
            if (calledUs / 1_000 - attempt.beganMs() > GIVE_UP_MS) {
              done(attempt.next(), Answer.UNKNOWN, 0);
            } else {
              executor.schedule(
                  () -> schedule(attempt.next()), attempt.backoffMs(), TimeUnit.MILLISECONDS);
            }
          }
        });
  }

  /** A request that is known by its id makes its job once, however often it is repeated. */
  private void done(Attempt attempt, Answer answer, long dueMs) {
    boolean isOnce = answer == Answer.YES && !attempt.request().getRequestId().isEmpty();
    history.add(
        new History.Scheduled(
            attempt.request().getJobId(),
            answer,
            attempt.earliestMs(),
            dueMs,
            isOnce ? 0 : attempt.unanswered(),
            Client.nowUs()));
    open.decrementAndGet();
  }

  private void pull(RandomGenerator own) {
    PullDueRequest request =
        PullDueRequest.newBuilder()
            .addQueues(Client.QUEUE)
            .setMaxJobs(5)
            .setLeaseDuration(Client.ms(2_000))
            .setWaitTime(Client.ms(1_000))
            .build();
    long calledUs = Client.nowUs();
    Unary<PullDueResponse> reply = new Unary<>();
    replicas.any(own).pullDue(request, reply);
    reply.whenComplete(
        (response, failure) -> {
          if (failure == null) {
            List<DueJob> pulled = response.getJobsList();
            pulled.forEach(job -> client.received("pull", job));
            pulled.forEach(job -> client.ack(job.getLeaseToken()));
          } else if (!client.isFull("PullDue", calledUs, failure)) {
            client.unknown("PullDue", failure);
          }
          if (!executor.isShutdown()) {
            executor.schedule(() -> pull(own), 10, TimeUnit.MILLISECONDS);
          }
        });
  }
}
