package dev.dueline.client.worker;

import static org.awaitility.Awaitility.await;

import com.google.protobuf.Message;
import dev.dueline.client.Connection;
import dev.dueline.client.Events;
import dev.dueline.client.ScriptedScheduler;
import dev.dueline.v1.AckRequest;
import dev.dueline.v1.AckResponse;
import dev.dueline.v1.ExtendLeaseRequest;
import dev.dueline.v1.ExtendLeaseResponse;
import dev.dueline.v1.LeaseOutcome;
import dev.dueline.v1.NackRequest;
import dev.dueline.v1.NackResponse;
import dev.dueline.v1.StopWatchRequest;
import dev.dueline.v1.StopWatchResponse;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A service that takes all that a worker says, and what the worker tells of its jobs. */
abstract class WorkerFixture implements WorkerListener {
  static final Duration LONG = Duration.ofSeconds(30);

  /** Of WatchDue, in the order in which they were opened. */
  final List<StreamObserver<Message>> streams = new CopyOnWriteArrayList<>();

  /** "JOB SETTLEMENT" of each job that is finished. */
  final List<String> told = new CopyOnWriteArrayList<>();

  ScriptedScheduler service;
  Connection connection;

  @BeforeEach
  void start() throws IOException {
    service = new ScriptedScheduler();
    service.on(
        "WatchDue",
        (request, stream) -> {
          stream.onNext(Events.started(10_000, "watch"));
          streams.add(stream);
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
    service.<StopWatchRequest>reply(
        "StopWatch",
        request -> {
          streams.get(streams.size() - 1).onNext(Events.stopped());
          return StopWatchResponse.getDefaultInstance();
        });
    connection = service.connect();
  }

  @AfterEach
  void close() throws InterruptedException {
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

  /** Of WatchDue, from 1; waits until it is open. */
  StreamObserver<Message> stream(int number) {
    await().atMost(LONG).until(() -> streams.size() >= number);
    return streams.get(number - 1);
  }
}
