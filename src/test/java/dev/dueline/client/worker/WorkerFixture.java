package dev.dueline.client.worker;

import static org.awaitility.Awaitility.await;

import com.google.protobuf.Message;
import dev.dueline.client.Connection;
import dev.dueline.client.Events;
import dev.dueline.client.ScriptedScheduler;
import dev.dueline.client.Stalls;
import dev.dueline.v1.AckRequest;
import dev.dueline.v1.AckResponse;
import dev.dueline.v1.ExtendLeaseRequest;
import dev.dueline.v1.ExtendLeaseResponse;
import dev.dueline.v1.LeaseOutcome;
import dev.dueline.v1.NackRequest;
import dev.dueline.v1.NackResponse;
import dev.dueline.v1.StopWatchRequest;
import dev.dueline.v1.StopWatchResponse;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A service that takes all that a worker says, and what the worker tells of its jobs. */
abstract class WorkerFixture implements WorkerListener {
  static final Duration LONG = Duration.ofMinutes(1);

  /** What may be kept from a worker that gives its jobs back, which has 5 s for its last calls. */
  private static final Duration STALLS = Duration.ofSeconds(1);

  /** Heartbeats are promised so seldom that no stream is given up for want of them. */
  private static final Duration HEARTBEAT = Duration.ofMinutes(1);

  /** A lease that outlasts a test, and attempts that outlast what may stand still. */
  private static final Duration LEASE = Duration.ofHours(1);

  /** Of WatchDue, in the order in which they were opened. */
  final List<StreamObserver<Message>> streams = new CopyOnWriteArrayList<>();

  /** "JOB SETTLEMENT" of each job that is finished. */
  final List<String> told = new CopyOnWriteArrayList<>();

  /** StopWatch calls, those aside that repeat one which was not answered in time. */
  final AtomicInteger stops = new AtomicInteger();

  ScriptedScheduler service;
  Connection connection;
  private final Stalls stalls = new Stalls();

  @BeforeEach
  void start() throws IOException {
    service = new ScriptedScheduler();
    service.on(
        "WatchDue",
        (request, stream) -> {
          synchronized (streams) {
            stream.onNext(Events.started(HEARTBEAT.toMillis(), String.valueOf(streams.size())));
            streams.add(stream);
          }
        });
    service.<AckRequest>reply(
        "Ack",
        request ->
            AckResponse.newBuilder().addAllOutcomes(ok(request.getLeaseTokensCount())).build());
    service.<NackRequest>reply("Nack", WorkerFixture::nacked);
    service.<ExtendLeaseRequest>reply(
        "ExtendLease",
        request ->
            ExtendLeaseResponse.newBuilder()
                .addAllOutcomes(ok(request.getLeaseTokensCount()))
                .build());
    service.<StopWatchRequest>reply("StopWatch", this::stopped);
    connection = service.connect();
  }

  /** The token of a watch is the number of its stream, from 0. */
  private StopWatchResponse stopped(StopWatchRequest request) {
    // One that is repeated was not answered in 1.5 of its 2 s.
    Deadline deadline = Objects.requireNonNull(Context.current().getDeadline());
    stops.addAndGet(deadline.timeRemaining(TimeUnit.SECONDS) > 0 ? 1 : 0);
    synchronized (streams) {
      streams.get(Integer.parseInt(request.getWatchToken())).onNext(Events.stopped());
    }
    return StopWatchResponse.getDefaultInstance();
  }

  @AfterEach
  void close() throws InterruptedException {
    stalls.close();
    connection.close();
    service.close();
  }

  static NackResponse nacked(NackRequest request) {
    return NackResponse.newBuilder().addAllOutcomes(ok(request.getLeaseTokensCount())).build();
  }

  static List<LeaseOutcome> ok(int count) {
    return Collections.nCopies(count, LeaseOutcome.LEASE_OUTCOME_OK);
  }

  @Override
  public void finished(Delivery delivery, Settlement settlement, Duration ran) {
    told.add(delivery.jobId() + " " + settlement);
  }

  /** A worker of the queue mail, with ten handlers. */
  static WorkerSettings settings() {
    return WorkerSettings.of("mail").withLease(LEASE).withHeartbeat(HEARTBEAT);
  }

  /** Whether a worker that has given its jobs back had the time for its last calls. */
  final boolean hadItsTime() {
    return stalls.areWithin(STALLS);
  }

  /** Of WatchDue, from 1; waits until it is open. */
  StreamObserver<Message> stream(int number) {
    await().atMost(LONG).until(() -> streams.size() >= number);
    return streams.get(number - 1);
  }
}
