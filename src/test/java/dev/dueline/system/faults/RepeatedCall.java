package dev.dueline.system.faults;

import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.SchedulerServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Calls a port again and again until it is closed, whether anybody is there or not. */
final class RepeatedCall implements AutoCloseable {
  private final ManagedChannel channel;
  private final Set<String> others = ConcurrentHashMap.newKeySet();
  private final Thread thread = new Thread(this::callOn, "repeated call");
  private volatile boolean isClosed;

  RepeatedCall(int port) {
    channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    thread.start();
  }

  /** How calls ended that did not end with {@code UNAVAILABLE}. */
  Set<String> others() {
    return Set.copyOf(others);
  }

  private void callOn() {
    ScheduleRequest request = ScheduleRequest.newBuilder().setQueue("q").setJobId("j").build();
    while (!isClosed) {
      try {
        var unused =
            SchedulerServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(1, TimeUnit.MINUTES)
                .schedule(request);
        others.add("OK");
      } catch (StatusRuntimeException e) {
        if (e.getStatus().getCode() != Status.Code.UNAVAILABLE) {
          others.add(e.getMessage() + " " + e.getTrailers());
        }
        // Otherwise the moment in which the port is open is missed.
        channel.resetConnectBackoff();
      }
    }
  }

  @Override
  public void close() {
    isClosed = true;
    channel.shutdownNow();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
