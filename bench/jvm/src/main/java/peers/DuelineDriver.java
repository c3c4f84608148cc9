package peers;

import static peers.Common.*;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.dueline.v1.AckRequest;
import dev.dueline.v1.AckResponse;
import dev.dueline.v1.BatchCancelRequest;
import dev.dueline.v1.BatchCancelResponse;
import dev.dueline.v1.BatchScheduleRequest;
import dev.dueline.v1.BatchScheduleResponse;
import dev.dueline.v1.CancelRequest;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.DueJobs;
import dev.dueline.v1.LeaseOutcome;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.ScheduleResponse;
import dev.dueline.v1.SchedulerServiceGrpc;
import dev.dueline.v1.WatchDueRequest;
import dev.dueline.v1.WatchDueResponse;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;
import java.util.Collections;

/**
 * Dueline by its generated stub, on one channel. single: conc calls of Schedule outstanding; bulk:
 * lanes calls of BatchSchedule outstanding, batch jobs each. consume: one WatchDue stream; each
 * message of due jobs is acknowledged by one Ack call. At-least-once. Warm-up jobs go to a queue of
 * their own and are canceled.
 */
public final class DuelineDriver {
  private static final String QUEUE = "bench";
  private static final String WARM_QUEUE = "warmup";

  private final SchedulerServiceGrpc.SchedulerServiceStub stub;

  private DuelineDriver(ManagedChannel channel) {
    this.stub = SchedulerServiceGrpc.newStub(channel);
  }

  public static void main(String[] argv) throws Exception {
    init(argv);
    ManagedChannel channel = Calls.channel();
    DuelineDriver driver = new DuelineDriver(channel);
    if (argv[0].equals("sched")) {
      int warmup = (int) num("warmup", 0);
      plan();
      driver.send(WARM_QUEUE, warmup);
      driver.cancel(warmup);
      warm();
      scheduled(driver.send(QUEUE, plan()));
      channel.shutdownNow();
      return;
    }
    driver.consume();
  }

  private double send(String queue, int count) throws Exception {
    if (!bulk()) {
      return Calls.<ScheduleResponse>closedLoop(
          count,
          (int) num("conc", 64),
          (i, over) -> stub.schedule(request(queue, i), over),
          answer -> {});
    }
    int batch = (int) num("batch", 500);
    return Calls.<BatchScheduleResponse>closedLoop(
        batches(count, batch),
        (int) num("lanes", 4),
        (k, over) -> {
          BatchScheduleRequest.Builder requests = BatchScheduleRequest.newBuilder();
          for (int i = k * batch; i < Math.min(count, (k + 1) * batch); i++) {
            requests.addRequests(request(queue, i));
          }
          stub.batchSchedule(requests.build(), over);
        },
        answer -> {
          for (var result : answer.getResultsList()) {
            if (result.hasError()) {
              Calls.fail(new IllegalStateException(result.getError().getMessage()));
            }
          }
        });
  }

  private void cancel(int count) throws Exception {
    int batch = 500;
    Calls.<BatchCancelResponse>closedLoop(
        batches(count, batch),
        4,
        (k, over) -> {
          BatchCancelRequest.Builder requests = BatchCancelRequest.newBuilder();
          for (int i = k * batch; i < Math.min(count, (k + 1) * batch); i++) {
            requests.addRequests(CancelRequest.newBuilder().setQueue(WARM_QUEUE).setJobId(id(i)));
          }
          stub.batchCancel(requests.build(), over);
        },
        answer -> {});
  }

  private static int batches(int count, int batch) {
    return (count + batch - 1) / batch;
  }

  private static ScheduleRequest request(String queue, int i) {
    long dueMs = due(i);
    return ScheduleRequest.newBuilder()
        .setQueue(queue)
        .setJobId(id(i))
        .setDueTime(
            Timestamp.newBuilder()
                .setSeconds(dueMs / 1000)
                .setNanos((int) (dueMs % 1000) * 1_000_000))
        .setPayload(ByteString.copyFrom(payload(i), StandardCharsets.ISO_8859_1))
        .build();
  }

  private void consume() throws Exception {
    Account account = new Account();
    WatchDueRequest request =
        WatchDueRequest.newBuilder()
            .addQueues(QUEUE)
            .setMaxOutstandingJobs((int) num("outstanding", 1000))
            .build();
    account.await(
        () -> {
          stub.watchDue(
              request,
              new StreamObserver<>() {
                @Override
                public void onNext(WatchDueResponse event) {
                  if (event.hasDueJobs()) {
                    deliver(event.getDueJobs(), account);
                  }
                }

                @Override
                public void onError(Throwable failure) {
                  Calls.fail(failure);
                }

                @Override
                public void onCompleted() {}
              });
          return null;
        });
  }

  private void deliver(DueJobs due, Account account) {
    AckRequest.Builder tokens = AckRequest.newBuilder();
    int measured = 0;
    for (DueJob job : due.getJobsList()) {
      if (account.delivered(job.getPayload().toString(StandardCharsets.ISO_8859_1))) {
        measured++;
      }
      tokens.addLeaseTokens(job.getLeaseToken());
    }
    stub.ack(tokens.build(), new Acknowledged(measured, account));
  }

  /** Counts jobs as done once the server has said that they are. */
  private record Acknowledged(int measured, Account account)
      implements StreamObserver<AckResponse> {
    @Override
    public void onNext(AckResponse answer) {
      int lost =
          answer.getOutcomesCount()
              - Collections.frequency(answer.getOutcomesList(), LeaseOutcome.LEASE_OUTCOME_OK);
      if (lost > 0) {
        System.err.println(lost + " leases lost");
      }
      for (int i = 0; i < measured; i++) {
        account.acked();
      }
    }

    @Override
    public void onError(Throwable failure) {
      Calls.fail(failure);
    }

    @Override
    public void onCompleted() {}
  }
}
