package dev.dueline.cli.bench.run;

import com.google.protobuf.Duration;
import dev.dueline.cli.bench.load.Answer;
import dev.dueline.cli.bench.load.Budget;
import dev.dueline.cli.bench.load.Calls;
import dev.dueline.cli.bench.load.ClosedLoop;
import dev.dueline.cli.bench.load.Jobs;
import dev.dueline.cli.bench.report.Figures;
import dev.dueline.client.Connection;
import dev.dueline.v1.CancelResponse;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.ScheduleResponse;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** The Schedule and Cancel calls of a mixed load. */
public final class MixedCalls {
  private static final int ALL_PERCENT = 100;

  private static final int MILLIS_PER_SECOND = 1_000;
  private static final int NANOS_PER_MILLI = 1_000_000;

  private final Jobs jobs;
  private final int maxDelayMs;
  private final int cancelPercent;
  private final ScheduleRequest plain;
  private final Calls schedules = new Calls();
  private final Calls cancels = new Calls();
  private final LongAdder leased = new LongAdder();
  private final LongAdder notFound = new LongAdder();

  /**
   * Calls for these jobs.
   *
   * @param maxDelayMs a job is due between 0 and so many ms after it is stored
   * @param cancelPercent of 100 jobs, those to be canceled
   */
  public MixedCalls(Jobs jobs, int maxDelayMs, int cancelPercent) {
    this.jobs = jobs;
    this.maxDelayMs = maxDelayMs;
    this.cancelPercent = cancelPercent;
    this.plain = jobs.dueAtOnce();
  }

  /** Makes the calls until the budget is over. */
  public void run(String name, ClosedLoop loop, Budget budget) throws InterruptedException {
    loop.run(name, budget, schedules, (connection, over) -> new Lane(connection, budget, over));
  }

  public double seconds() {
    return schedules.seconds();
  }

  public void addTo(Figures figures) {
    figures.count("cancel_leased", leased.sum()).count("cancel_not_found", notFound.sum());
    schedules.addTo(figures, "schedule_");
    cancels.addTo(figures, "cancel_");
  }

  public List<String> complaints() {
    return Stream.concat(
            schedules.failures().complaints("Schedule calls").stream(),
            cancels.failures().complaints("Cancel calls").stream())
        .toList();
  }

  private final class Lane implements ClosedLoop.Script {
    private static final long NONE = -1;

    private final Connection connection;
    private final Budget budget;
    private final Answer<ScheduleResponse> scheduled;
    private final Answer<CancelResponse> canceled;
    private long index;
    private long toCancel = NONE;

    Lane(Connection connection, Budget budget, Runnable whenOver) {
      this.connection = connection;
      this.budget = budget;
      this.scheduled = new Answer<>(schedules, this::take, whenOver);
      this.canceled = new Answer<>(cancels, this::take, whenOver);
    }

    @Override
    public boolean next() {
      if (toCancel != NONE) {
        index = toCancel;
        toCancel = NONE;
        connection.streaming().cancel(jobs.cancel(index), canceled.begin());
        return true;
      }
      if (budget.take(1) == 0) {
        return false;
      }
      index = jobs.take(1);
      int delayMs = ThreadLocalRandom.current().nextInt(maxDelayMs + 1);
      Duration.Builder delay =
          Duration.newBuilder()
              .setSeconds(delayMs / MILLIS_PER_SECOND)
              .setNanos(delayMs % MILLIS_PER_SECOND * NANOS_PER_MILLI);
      ScheduleRequest request = plain.toBuilder().setDelay(delay).build();
      connection.streaming().schedule(jobs.named(request, index), scheduled.begin());
      return true;
    }

    private void take(ScheduleResponse response) {
      jobs.markStored(index);
      if (ThreadLocalRandom.current().nextInt(ALL_PERCENT) < cancelPercent) {
        toCancel = index;
      }
    }

    private void take(CancelResponse response) {
      switch (response.getOutcome()) {
        case CANCEL_OUTCOME_CANCELED -> jobs.markCanceled(index);
        case CANCEL_OUTCOME_LEASED -> leased.increment();
        default -> notFound.increment();
      }
    }
  }
}
