package dev.dueline.grpc.clock;

import dev.dueline.operation.clock.Activity;
import dev.dueline.v1.SchedulerServiceGrpc;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * When clients called last. Calls that wait for jobs count when they begin and when they end;
 * health checks and reflection, which no test acts by, do not count.
 */
public final class CallActivity implements ServerInterceptor, Activity {
  private static final Set<String> WAITING =
      Set.of(
          SchedulerServiceGrpc.getWatchDueMethod().getFullMethodName(),
          SchedulerServiceGrpc.getPullDueMethod().getFullMethodName());

  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicLong lastNanos = new AtomicLong(System.nanoTime());

  @Override
  public boolean isCalm(Duration time) {
    return underWay.get() == 0 && System.nanoTime() - lastNanos.get() >= time.toNanos();
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    String method = call.getMethodDescriptor().getFullMethodName();
    if (!method.startsWith("dueline.")) {
      return next.startCall(call, headers);
    }
    int counted = WAITING.contains(method) ? 0 : 1;
    changed(counted);
    return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
      @Override
      public void onComplete() {
        changed(-counted);
        super.onComplete();
      }

      @Override
      public void onCancel() {
        changed(-counted);
        super.onCancel();
      }
    };
  }

  private void changed(int calls) {
    lastNanos.set(System.nanoTime());
    underWay.addAndGet(calls);
  }
}
