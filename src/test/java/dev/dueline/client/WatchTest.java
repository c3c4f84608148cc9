package dev.dueline.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Message;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.LostLease;
import dev.dueline.v1.NackRequest;
import dev.dueline.v1.NackResponse;
import dev.dueline.v1.StopWatchOutcome;
import dev.dueline.v1.StopWatchRequest;
import dev.dueline.v1.StopWatchResponse;
import dev.dueline.v1.WatchDueRequest;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class WatchTest {
  private static final WatchDueRequest REQUEST =
      WatchDueRequest.newBuilder().addQueues("mail").setMaxOutstandingJobs(10).build();

  /** For the service to say that a watch is stopped. */
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(2);

  private final List<StreamObserver<Message>> streams = new ArrayList<>();
  private ScriptedScheduler service;
  private Connection connection;

  @BeforeEach
  void start() throws IOException {
    service = new ScriptedScheduler();
    service.<NackRequest>reply("Nack", request -> NackResponse.getDefaultInstance());
    connection = service.connect();
  }

  @AfterEach
  void close() throws InterruptedException {
    connection.close();
    service.close();
  }

  /** Answers stream after stream, which are counted from 1. */
  private void onStream(BiConsumer<Integer, StreamObserver<Message>> answer) {
    service.on(
        "WatchDue",
        (request, stream) -> {
          synchronized (streams) {
            streams.add(stream);
            answer.accept(streams.size(), stream);
          }
        });
  }

  /** Wants so many jobs, and writes down what it is told. */
  private static final class Recorder implements WatchHandler {
    private final List<String> told = new ArrayList<>();
    private long wanted;

    Recorder(long wanted) {
      this.wanted = wanted;
    }

    @Override
    public void due(List<DueJob> jobs, Instant received) {
      jobs.forEach(job -> told.add(job.getJobId()));
      wanted -= jobs.size();
    }

    @Override
    public long wanted() {
      return wanted;
    }

    @Override
    public void started() {
      told.add("started");
    }

    @Override
    public void draining(String reason) {
      told.add("draining: " + reason);
    }

    @Override
    public void broken(Status status) {
      told.add("broken: " + status.getDescription());
    }

    @Override
    public void lost(List<LostLease> leases) {
      leases.forEach(lease -> told.add("lost: " + lease.getJobId()));
    }

    @Override
    public void ending() {
      told.add("ending");
    }
  }

  private List<String> watch(WatchHandler handler, List<String> told) throws InterruptedException {
    new Watch(connection, REQUEST, handler, new Backoff(new Random(1))).run();
    return told;
  }

  private List<String> watch(long wanted) throws InterruptedException {
    Recorder recorder = new Recorder(wanted);
    return watch(recorder, recorder.told);
  }

  @Test
  void passesJobsOnUntilThereAreEnough() throws InterruptedException {
    onStream(
        (number, stream) -> {
          stream.onNext(Events.started(10_000));
          stream.onNext(Events.jobs("a", "b"));
          stream.onNext(Events.heartbeat());
          stream.onNext(Events.jobs("c"));
        });
    assertThat(watch(3)).containsExactly("started", "a", "b", "c", "ending");
  }

  @Test
  void asksForNoMoreJobsThanAreWanted() throws InterruptedException {
    onStream(
        (number, stream) -> {
          if (number == 1) {
            stream.onNext(Events.jobs("a", "b"));
            stream.onError(Status.UNAVAILABLE.withDescription("gone").asRuntimeException());
          } else {
            stream.onNext(Events.jobs("c", "d", "e"));
          }
        });
    assertThat(watch(5)).containsExactly("a", "b", "broken: gone", "c", "d", "e", "ending");
    assertThat(service.requests(WatchDueRequest.class))
        .extracting(WatchDueRequest::getMaxOutstandingJobs)
        .containsExactly(5, 3);
  }

  @Test
  void waitsLongerEachTimeAStreamBreaksAlthoughItStarted() throws InterruptedException {
    onStream(
        (number, stream) -> {
          stream.onNext(Events.started(10_000));
          if (number < 4) {
            stream.onError(Status.UNAVAILABLE.asRuntimeException());
          } else {
            stream.onNext(Events.jobs("a"));
          }
        });
    long begin = System.nanoTime();
    watch(1);
    // At least half of 100, 200 and 400 ms.
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(350));
  }

  @Test
  void readsAStreamThatDrainsToItsEndBesideTheNextOne() throws InterruptedException {
    onStream(
        (number, stream) -> {
          if (number == 1) {
            stream.onNext(Events.draining("rollout"));
          } else {
            StreamObserver<Message> first = streams.get(0);
            first.onNext(Events.jobs("late"));
            first.onCompleted();
            stream.onNext(Events.jobs("next"));
          }
        });
    assertThat(watch(2)).containsExactlyInAnyOrder("draining: rollout", "late", "next", "ending");
  }

  /** A next stream that is as slow to begin is replaced in its turn. */
  @Test
  void replacesAStreamThatIsSilentForThreeHeartbeats() throws InterruptedException {
    onStream(
        (number, stream) -> {
          if (number == 1) {
            stream.onNext(Events.started(500));
          } else {
            stream.onNext(Events.started(60_000));
            stream.onNext(Events.jobs("a"));
          }
        });
    String broken = "broken: nothing heard for 1500 ms";
    assertThat(watch(1))
        .startsWith("started", broken)
        .endsWith("started", "a", "ending")
        .containsOnly("started", broken, "a", "ending")
        .containsOnlyOnce("a");
  }

  @Test
  void endsWhenTheServiceRefuses() {
    onStream((number, stream) -> stream.onError(Status.PERMISSION_DENIED.asRuntimeException()));
    assertThatThrownBy(() -> watch(1)).hasMessage("PERMISSION_DENIED");
    assertThat(streams).hasSize(1);
  }

  /** Tells a watch to stop as its stream begins, and whether it had the time that it is given. */
  private boolean stopsInTime(Recorder recorder) throws InterruptedException {
    Watch watch = new Watch(connection, REQUEST, recorder, new Backoff(new Random(1)));
    onStream(
        (number, stream) -> {
          stream.onNext(Events.started(10_000, "token"));
          watch.stop();
        });
    try (Stalls stalls = new Stalls()) {
      watch.run();
      return stalls.areWithin(STOP_TIMEOUT.dividedBy(2));
    }
  }

  /**
   * What was on its way when it was told to stop is taken, unless it comes two seconds later;
   * StopWatch is asked for once.
   */
  @Test
  void stopsOnceTheServiceHasNoMoreForIt() throws InterruptedException {
    Recorder recorder = new Recorder(Long.MAX_VALUE);
    AtomicInteger asked = new AtomicInteger();
    AtomicInteger calls = new AtomicInteger();
    service.<StopWatchRequest>reply(
        "StopWatch",
        request -> {
          asked.addAndGet(isRepetition() ? 0 : 1);
          if (calls.getAndIncrement() == 0) {
            streams.get(0).onNext(Events.jobs("on its way"));
            streams.get(0).onNext(Events.stopped());
          }
          return StopWatchResponse.newBuilder()
              .setOutcome(StopWatchOutcome.STOP_WATCH_OUTCOME_STOPPING)
              .build();
        });
    boolean isInTime = stopsInTime(recorder);
    if (isInTime) {
      assertThat(recorder.told).containsExactly("started", "on its way", "ending");
    }
    assertThat(recorder.told).endsWith("ending").containsOnlyOnce("ending");
    assertThat(service.requests(StopWatchRequest.class))
        .allMatch(request -> request.getWatchToken().equals("token"))
        .hasSizeGreaterThanOrEqualTo(isInTime ? 1 : 0);
    assertThat(asked).hasValueLessThanOrEqualTo(1);
    assertThat(streams).hasSize(1);
  }

  /**
   * Whether the call that is answered is made again, as an attempt was not answered in 1.5 of its 2
   * s: the first attempt has all of 1.5 s.
   */
  private static boolean isRepetition() {
    Deadline deadline = Objects.requireNonNull(Context.current().getDeadline());
    return deadline.timeRemaining(TimeUnit.MILLISECONDS) <= 1_000;
  }

  /** At once, or two seconds later, though the stream may not have begun by then. */
  @Test
  void stopsAlsoWhereTheServiceCannotStopAWatch() throws InterruptedException {
    Recorder recorder = new Recorder(Long.MAX_VALUE);
    if (stopsInTime(recorder)) {
      assertThat(recorder.told).containsExactly("started", "ending");
    }
    assertThat(recorder.told).endsWith("ending").containsOnlyOnce("ending");
  }

  @Test
  void leasesThatAreLostAreTold() throws InterruptedException {
    onStream(
        (number, stream) -> {
          stream.onNext(Events.lost("a"));
          stream.onNext(Events.jobs("b"));
        });
    assertThat(watch(1)).containsExactly("lost: a", "b", "ending");
  }

  @Test
  void isOverBeforeItBeginsWhereNoJobIsWanted() throws InterruptedException {
    assertThat(watch(0)).containsExactly("ending");
    assertThat(service.requests(WatchDueRequest.class)).isEmpty();
  }
}
