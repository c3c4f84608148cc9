package peers;

import static peers.Common.*;

import dev.dueline.client.Connection;
import dev.dueline.client.ConnectionSettings;
import dev.dueline.client.producer.BatchingProducer;
import dev.dueline.client.producer.NewJob;
import dev.dueline.client.producer.Producer;
import dev.dueline.client.worker.Delivery;
import dev.dueline.client.worker.Result;
import dev.dueline.client.worker.Settlement;
import dev.dueline.client.worker.Worker;
import dev.dueline.client.worker.WorkerListener;
import dev.dueline.client.worker.WorkerSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;

/**
 * Dueline by clients/java. single: Producer.schedule, conc futures outstanding; bulk: callers
 * outstanding at one BatchingProducer, which gathers 500 a call and has four under way. consume: one
 * Worker, concurrency conc, whose handler does not block. Acknowledged = the service has said so.
 * Warm-up jobs go to a queue of their own, and stay.
 */
public final class DuelineClientDriver {
  private static final String QUEUE = "bench";
  private static final String WARM_QUEUE = "warmup";

  private DuelineClientDriver() {}

  public static void main(String[] argv) throws Exception {
    init(argv);
    String server = "127.0.0.1:" + arg("port", "9000");
    try (Connection connection = Connection.open(ConnectionSettings.to(server))) {
      if (argv[0].equals("sched")) {
        plan();
        send(connection, WARM_QUEUE, (int) num("warmup", 0));
        warm();
        scheduled(send(connection, QUEUE, plan()));
      } else {
        consume(connection);
      }
    }
  }

  private interface Schedule {
    CompletionStage<?> start(NewJob job) throws InterruptedException;
  }

  private static double send(Connection connection, String queue, int count)
      throws InterruptedException {
    Schedule schedule =
        bulk() ? new BatchingProducer(connection)::schedule : new Producer(connection)::schedule;
    int most = (int) (bulk() ? num("callers", 2500) : num("conc", 64));
    Semaphore room = new Semaphore(most);
    double start = nowMs();
    for (int i = 0; i < count; i++) {
      room.acquire();
      schedule
          .start(job(queue, i))
          .whenComplete(
              (answer, failure) -> {
                if (failure != null) {
                  Calls.fail(failure);
                }
                room.release();
              });
    }
    room.acquire(most);
    return (nowMs() - start) / 1e3;
  }

  private static NewJob job(String queue, int i) {
    return NewJob.of(queue).id(id(i)).payload(payload(i)).at(Instant.ofEpochMilli(due(i)));
  }

  private static void consume(Connection connection) throws Exception {
    Account account = new Account();
    WorkerListener listener =
        new WorkerListener() {
          @Override
          public void finished(Delivery delivery, Settlement settlement, Duration ran) {
            if (settlement == Settlement.ACKED && text(delivery).startsWith("m")) {
              account.acked();
            }
          }
        };
    Worker worker =
        new Worker(
            connection,
            WorkerSettings.of(QUEUE).withConcurrency((int) num("conc", 1000)),
            delivery -> {
              account.delivered(text(delivery));
              return CompletableFuture.completedFuture(Result.done());
            },
            listener);
    account.await(
        () -> {
          worker
              .start()
              .whenComplete(
                  (over, failure) -> {
                    if (failure != null) {
                      Calls.fail(failure);
                    }
                  });
          return null;
        });
  }

  private static String text(Delivery delivery) {
    return delivery.payload().toString(StandardCharsets.ISO_8859_1);
  }
}
