package dev.dueline.client.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dueline.client.Connection;
import dev.dueline.client.Events;
import dev.dueline.client.Retries;
import dev.dueline.client.ScriptedScheduler;
import dev.dueline.v1.AckRequest;
import dev.dueline.v1.ExtendLeaseRequest;
import dev.dueline.v1.ExtendLeaseResponse;
import dev.dueline.v1.NackRequest;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class SlotsTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  /** After which a stream is given up; half of it is quiet. */
  private static final Duration SILENCE = Duration.ofMinutes(10);

  private static final WorkerSettings SETTINGS = WorkerSettings.of("mail");

  /** What the worker's thread and those of its handlers have yet to do. */
  private final Queue<Runnable> todo = new ConcurrentLinkedQueue<>();

  @Test
  void leasesOfASilentStreamAreExtendedBeforeItIsGivenUp() throws Exception {
    try (ScriptedScheduler service = new ScriptedScheduler();
        Connection connection = service.connect()) {
      service.reply("ExtendLease", request -> ExtendLeaseResponse.getDefaultInstance());
      Slots slots = slots(connection);
      Streams streams = streams(connection, slots);
      slots.add(source(streams, Duration.ofSeconds(1)), List.of(Events.job("heard")));
      slots.add(
          source(streams, SILENCE.dividedBy(2).plusMinutes(1)), List.of(Events.job("silent")));
      slots.extend();
      await().atMost(LONG).until(() -> !service.requests(ExtendLeaseRequest.class).isEmpty());
      assertThat(service.requests(ExtendLeaseRequest.class))
          .flatExtracting(ExtendLeaseRequest::getLeaseTokensList)
          .containsExactly("token-silent");
    }
  }

  @Test
  void aSuccessThatIsNotYetKnownWhenAllIsGivenBackCounts() throws Exception {
    try (ScriptedScheduler service = new ScriptedScheduler();
        Connection connection = service.connect()) {
      Slots slots = slots(connection);
      slots.add(source(streams(connection, slots), Duration.ZERO), List.of(Events.job("done")));
      slots.giveBackAll();
      for (Runnable next = todo.poll(); next != null; next = todo.poll()) {
        next.run();
      }
      await().atMost(LONG).until(() -> !service.requests(AckRequest.class).isEmpty());
      assertThat(service.requests(AckRequest.class))
          .containsExactly(AckRequest.newBuilder().addLeaseTokens("token-done").build());
      assertThat(service.requests(NackRequest.class)).isEmpty();
    }
  }

  @Test
  void aJobGoesBackOnceItsStreamBringsNoMore() throws Exception {
    try (ScriptedScheduler service = new ScriptedScheduler();
        Connection connection = service.connect()) {
      Slots slots = slots(connection);
      Source source = source(streams(connection, slots), Duration.ZERO);
      for (int i = 0; i <= SETTINGS.concurrency(); i++) {
        slots.add(source, List.of(Events.job("job" + i)));
      }
      long soon = System.nanoTime() + Duration.ofMillis(1_900).toNanos();
      slots.giveBackAll();
      for (Runnable next = todo.poll(); next != null; next = todo.poll()) {
        next.run();
      }
      slots.tick(soon);
      assertThat(slots.isIdle()).isFalse();
      source.isStopped = true;
      slots.tick(soon);
      assertThat(slots.isIdle()).isTrue();
    }
  }

  private static Streams streams(Connection connection, Slots slots) {
    return new Streams(
        connection, SETTINGS, new WorkerListener() {}, slots, Runnable::run, refusal -> {});
  }

  private Slots slots(Connection connection) {
    WorkerListener listener = new WorkerListener() {};
    Retries retries = Retries.of(connection);
    return new Slots(
        SETTINGS,
        job -> CompletableFuture.completedFuture(Result.done()),
        listener,
        new Settler(retries, todo::add, refusal -> {}),
        retries,
        new Slots.Executors(todo::add, todo::add));
  }

  /** A stream that has been silent for so long. */
  private static Source source(Streams streams, Duration silent) {
    Source source = new Source(1, SILENCE, Runnable::run, streams);
    source.heardNanos -= silent.toNanos();
    return source;
  }
}
