package dev.dueline.system.chaos;

import com.google.protobuf.util.Timestamps;
import dev.dueline.system.chaos.History.Answer;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.PullDueRequest;
import dev.dueline.v1.PullDueResponse;
import dev.dueline.v1.RetryPolicy;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.ScheduleResponse;
import dev.dueline.v1.SchedulerServiceGrpc.SchedulerServiceStub;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/** Schedules and cancels at a steady rate, and pulls, whatever becomes of it. */
final class Load {
  private static final int CANCELED_PERCENT = 20;
  private static final int WITH_REQUEST_ID_PERCENT = 75;
  private static final int STEADY_PERCENT = 20;
  private static final int MOST_DELAY_MS = 3_000;

  /** The policy of a client that retries UNAVAILABLE: doubled from the least to the most. */
  private static final long LEAST_BACKOFF_MS = 100;

  private static final long MOST_BACKOFF_MS = 1_000;

  /** After which a client gives up on one job. */
  private static final long GIVE_UP_US = 60_000_000;

  /**
   * After which a client with a request id asks another replica: that is safe, though the first may
   * only stand still, and go on with its call.
   */
  private static final long IMPATIENT_MS = 1_000;

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
    boolean isSteady = random.nextInt(100) < STEADY_PERCENT;
    String queue = isSteady ? Client.STEADY : Client.QUEUE;
    String job = queue + jobs.incrementAndGet();
    long delayMs = random.nextInt(MOST_DELAY_MS);
    boolean isForced = random.nextBoolean();
    long nowMs = Client.nowUs() / 1_000;
    RetryPolicy policy =
        RetryPolicy.newBuilder().setMaxAttempts(50).setInitialBackoff(Client.ms(100)).build();
    ScheduleRequest.Builder request =
        ScheduleRequest.newBuilder().setQueue(queue).setJobId(job).setRetryPolicy(policy);
    if (random.nextInt(100) < WITH_REQUEST_ID_PERCENT) {
      request.setRequestId(job);
    }
    if (random.nextBoolean()) {
      request.setDelay(Client.ms(delayMs));
    } else {
      request.setDueTime(Timestamps.fromMillis(client.time().offsetMs() + nowMs + delayMs));
    }
    open.incrementAndGet();
    schedule(new Attempt(request.build(), Client.nowUs(), nowMs + delayMs, 0));
    if (random.nextInt(100) < CANCELED_PERCENT) {
      long cancelMs = random.nextInt(4_000);
      executor.schedule(() -> client.cancel(queue, job, isForced), cancelMs, TimeUnit.MILLISECONDS);
    }
  }

  /**
   * One call of a Schedule.
   *
   * @param beganUs when the first call of it was made
   * @param unanswered calls before it
   */
  private record Attempt(ScheduleRequest request, long beganUs, long earliestMs, int unanswered) {
    Attempt next() {
      return new Attempt(request, beganUs, earliestMs, unanswered + 1);
    }

    boolean hasRequestId() {
      return !request.getRequestId().isEmpty();
    }

    /** Once: a busy machine would have no end of it. */
    boolean isImpatient() {
      return hasRequestId() && unanswered == 0;
    }

    long backoffMs() {
      return Math.min(MOST_BACKOFF_MS, LEAST_BACKOFF_MS << Math.min(unanswered, 10));
    }
  }

  private void schedule(Attempt attempt) {
    long calledUs = Client.nowUs();
    Unary<ScheduleResponse> reply = new Unary<>();
    SchedulerServiceStub replica = replicas.any(client.random());
    (attempt.isImpatient()
            ? replica.withDeadlineAfter(IMPATIENT_MS, TimeUnit.MILLISECONDS)
            : replica)
        .schedule(attempt.request(), reply);
    reply.whenComplete(
        (response, failure) -> {
          if (failure == null) {
            done(attempt, calledUs, Answer.YES, client.time().machineMs(response.getDueTime()));
          } else if (client.isFull("Schedule", calledUs, failure)) {
            done(attempt, calledUs, Answer.NO, 0);
          } else {
            client.unknown("Schedule", failure);
            if (calledUs - attempt.beganUs() > GIVE_UP_US) {
              done(attempt.next(), calledUs, Answer.UNKNOWN, 0);
            } else {
              executor.schedule(
                  () -> schedule(attempt.next()), attempt.backoffMs(), TimeUnit.MILLISECONDS);
            }
          }
        });
  }

  private void done(Attempt attempt, long calledUs, Answer answer, long dueMs) {
    history.add(
        new History.Scheduled(
            attempt.request().getJobId(),
            answer,
            attempt.hasRequestId(),
            attempt.earliestMs(),
            dueMs,
            attempt.unanswered(),
            attempt.beganUs(),
            calledUs,
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
