package peers;

import static peers.Common.*;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the gRPC drivers share: one channel whose callbacks run on its own event loop, and a closed
 * loop of calls on it.
 */
final class Calls {
  /** Room for a full message of due jobs, with their tokens. */
  private static final int MAX_MESSAGE_BYTES = 16 << 20;

  private Calls() {}

  static ManagedChannel channel() {
    return NettyChannelBuilder.forAddress("127.0.0.1", (int) num("port", 9000))
        .usePlaintext()
        .directExecutor()
        .maxInboundMessageSize(MAX_MESSAGE_BYTES)
        .build();
  }

  /** Starts call number i, and tells the observer how it ends. */
  interface Call<T> {
    void start(int i, StreamObserver<T> observer);
  }

  /** Looks at one answer, on the channel's event loop. */
  interface Check<T> {
    void accept(T answer);
  }

  /**
   * Makes count calls, outstanding of them at a time: the end of each starts the next. A call that
   * is started on the event loop is answered in a later turn of it, so the stack does not grow.
   *
   * @return how long it took, in seconds
   */
  static <T> double closedLoop(int count, int outstanding, Call<T> call, Check<T> check)
      throws InterruptedException {
    AtomicInteger started = new AtomicInteger();
    CountDownLatch over = new CountDownLatch(count);
    StreamObserver<T> each =
        new StreamObserver<>() {
          @Override
          public void onNext(T answer) {
            check.accept(answer);
          }

          @Override
          public void onError(Throwable failure) {
            fail(failure);
          }

          @Override
          public void onCompleted() {
            int i = started.getAndIncrement();
            if (i < count) {
              call.start(i, this);
            }
            over.countDown();
          }
        };
    double start = nowMs();
    for (int k = 0; k < outstanding; k++) {
      int i = started.getAndIncrement();
      if (i < count) {
        call.start(i, each);
      }
    }
    over.await();
    return (nowMs() - start) / 1e3;
  }

  /** Ends the driver: a call that fails makes the measure worthless. */
  static void fail(Throwable failure) {
    System.err.println(Status.fromThrowable(failure));
    Runtime.getRuntime().halt(3);
  }
}
