package dev.dueline.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueLimits;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.Delivery;
import dev.dueline.store.call.CancelItem;
import dev.dueline.store.call.Canceled;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.call.Scheduled;
import dev.dueline.store.due.Release;
import dev.dueline.store.due.Slots;
import dev.dueline.store.due.TestSlots;
import dev.dueline.store.failure.StaleLayoutException;
import dev.dueline.store.queue.QueueDirectory;
import dev.dueline.store.queue.QueueLayout;
import dev.dueline.store.queue.QueueStore;
import dev.dueline.store.queue.RedisStreamStore;
import dev.dueline.store.queue.RedisStreamTarget;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * When a queue has been idle, whatever the store. Each test has one of its own, which is empty, and
 * whose queues get two shards each.
 */
public abstract class IdleQueueContract {
  protected static final Duration TTL = Duration.ofHours(1);

  /** More than passes by itself while a test runs. */
  protected static final Duration SLACK = Duration.ofMinutes(10);

  protected static final Duration MORE_THAN_TTL = TTL.plus(SLACK);
  protected static final Duration LESS_THAN_TTL = TTL.minus(SLACK);
  protected static final QueueName MAIL = new QueueName("mail");
  private static final JobId ID = new JobId("a");
  private static final RedisStreamTarget STREAM = new RedisStreamTarget("workers", 10);

  protected abstract QueueDirectory directory();

  protected abstract JobStore jobs();

  protected abstract QueueStore operations();

  protected abstract RedisStreamStore streams();

  /** Moves the store's clock on, or back. */
  protected abstract void pass(Duration time);

  /** The result of a call. */
  protected static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(20));
  }

  protected QueueLayout layout() {
    return await(directory().layout(MAIL));
  }

  /** The shard of the jobs. */
  protected Shard shard() {
    return layout().shardOf(ID);
  }

  /** One look; whether the queue is gone. */
  protected boolean look() {
    return await(directory().deleteIdle(layout(), TTL));
  }

  protected void schedule() {
    NewJob job = NewJob.of(ID, new Due.At(0), new byte[0]);
    List<ScheduleItem> items = List.of(new ScheduleItem(job, ConflictPolicy.REJECT));
    List<Scheduled> scheduled =
        await(directory().with(MAIL, layout -> jobs().schedule(layout.shardOf(ID), items)));
    assertThat(scheduled).extracting(Scheduled::outcome).containsExactly(Scheduled.Outcome.CREATED);
  }

  protected void cancel() {
    assertThat(await(jobs().cancel(shard(), List.of(new CancelItem(ID, true)))))
        .extracting(Canceled::outcome)
        .containsExactly(Canceled.Outcome.CANCELED);
  }

  private Delivery lease() {
    Slots slots = TestSlots.of(List.of(new Slots.Holder(1, 1, 36_000_000)), List.of(0));
    return await(jobs().claim(shard(), slots)).deliveries().get(0);
  }

  private void limit(QueueLimits limits) {
    for (Shard shard : layout().shards()) {
      await(operations().limit(shard, QueueLimits.Change.to(limits), limits));
    }
  }

  protected void deliver(boolean isToStream) {
    for (Shard shard : layout().shards()) {
      assertThat(await(streams().deliver(shard, isToStream ? STREAM : null))).isTrue();
    }
  }

  private void present(int watchers) {
    Shard first = layout().shards().get(0);
    await(operations().present(first, 7, watchers, Duration.ofDays(1)));
  }

  /** What keeps a queue, and how it ends. */
  private enum Use {
    PENDING {
      @Override
      void begin(IdleQueueContract queue) {
        queue.schedule();
      }
    },
    LEASED {
      @Override
      void begin(IdleQueueContract queue) {
        queue.schedule();
        assertThat(queue.lease().attempt()).isEqualTo(1);
      }
    },
    DEAD {
      @Override
      void begin(IdleQueueContract queue) {
        queue.schedule();
        Release dead =
            new Release(queue.lease().token().lease(), new Release.Target.Dead(), true, "broken");
        assertThat(await(queue.jobs().release(queue.shard(), List.of(dead), false)))
            .containsExactly(true);
      }
    },
    PAUSED {
      @Override
      void begin(IdleQueueContract queue) {
        queue.layout().shards().forEach(shard -> await(queue.operations().pause(shard, true)));
      }

      @Override
      void end(IdleQueueContract queue) {
        queue.layout().shards().forEach(shard -> await(queue.operations().pause(shard, false)));
      }
    },
    LIMITED {
      @Override
      void begin(IdleQueueContract queue) {
        queue.limit(new QueueLimits(0, 0, 100));
      }

      @Override
      void end(IdleQueueContract queue) {
        queue.limit(QueueLimits.NONE);
      }
    },
    DELIVERED_TO_STREAM {
      @Override
      void begin(IdleQueueContract queue) {
        queue.deliver(true);
      }

      @Override
      void end(IdleQueueContract queue) {
        queue.deliver(false);
      }
    },
    WATCHED {
      @Override
      void begin(IdleQueueContract queue) {
        queue.present(1);
      }

      @Override
      void end(IdleQueueContract queue) {
        queue.present(0);
      }
    };

    abstract void begin(IdleQueueContract queue);

    void end(IdleQueueContract queue) {
      queue.cancel();
    }
  }

  @Test
  void aQueueGoesOnceItHasBeenIdleForSoLong() {
    schedule();
    cancel();
    assertThat(look()).isFalse();
    pass(LESS_THAN_TTL);
    assertThat(look()).isFalse();
    pass(SLACK.multipliedBy(2));
    assertThat(look()).isTrue();

    assertThat(await(directory().find(MAIL))).isEmpty();
    assertThat(await(directory().names("", "", 0, 10))).isEmpty();
    schedule();
    assertThat(await(jobs().read(shard(), ID))).isPresent();
    assertThat(lease().job().id()).isEqualTo(ID);
  }

  /** Nobody knows how long it had been so before. */
  @Test
  void aQueueIsIdleFromTheFirstLookOn() {
    schedule();
    cancel();
    pass(TTL.multipliedBy(10));
    assertThat(look()).isFalse();
    pass(MORE_THAN_TTL);
    assertThat(look()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Use.class)
  void aQueueThatIsInUseStays(Use use) {
    assertThat(look()).isFalse();
    use.begin(this);
    pass(TTL.multipliedBy(2));
    assertThat(look()).isFalse();
    pass(TTL.multipliedBy(2));
    assertThat(look()).isFalse();
    use.end(this);
    assertThat(look()).isFalse();
    pass(MORE_THAN_TTL);
    assertThat(look()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Use.class)
  void aQueueThatWasUsedBetweenTwoLooksBeginsAnew(Use use) {
    assertThat(look()).isFalse();
    use.begin(this);
    use.end(this);
    pass(MORE_THAN_TTL);
    assertThat(look()).isFalse();
    pass(MORE_THAN_TTL);
    assertThat(look()).isTrue();
  }

  @Test
  void whatIsInARedisStreamKeepsTheQueue() {
    deliver(true);
    schedule();
    assertThat(await(streams().feed(shard(), 10)).dueMs()).hasSize(1);
    deliver(false);
    assertThat(look()).isFalse();
    pass(MORE_THAN_TTL);
    assertThat(look()).isFalse();
  }

  @Test
  void whoOnlyReadsUsesNothing() {
    assertThat(look()).isFalse();
    assertThat(await(operations().stats(shard())).pending()).isZero();
    assertThat(await(operations().watching(layout().shards().get(0)))).isEmpty();
    assertThat(await(jobs().read(shard(), ID))).isEmpty();
    Slots slots = TestSlots.of(List.of(new Slots.Holder(1, 1, 1_000)), List.of(0));
    assertThat(await(jobs().claim(shard(), slots)).deliveries()).isEmpty();
    assertThat(await(jobs().cancel(shard(), List.of(new CancelItem(ID, true)))))
        .extracting(Canceled::outcome)
        .containsExactly(Canceled.Outcome.NOT_FOUND);
    pass(MORE_THAN_TTL);
    assertThat(look()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {1_200, 7_200, 315_576_000})
  void aClockThatWasSetBackBeginsTheTimeAnew(long seconds) {
    assertThat(look()).isFalse();
    pass(Duration.ofSeconds(-seconds));
    assertThat(look()).isFalse();
    pass(LESS_THAN_TTL);
    assertThat(look()).isFalse();
    pass(SLACK.multipliedBy(2));
    assertThat(look()).isTrue();
  }

  @Test
  void aQueueThatIsGoneIsNotDeletedAgain() {
    QueueLayout layout = layout();
    assertThat(look()).isFalse();
    pass(MORE_THAN_TTL);
    assertThat(look()).isTrue();
    assertThatThrownBy(() -> await(directory().deleteIdle(layout, TTL)))
        .isInstanceOf(StaleLayoutException.class);
    assertThat(await(directory().find(MAIL))).isEmpty();
  }
}
