package dev.dueline.grpc.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.grpc.connection.CallAccount;
import dev.dueline.v1.CancelRequest;
import dev.dueline.v1.CancelResponse;
import dev.dueline.v1.SchedulerServiceGrpc;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When a request gets on, of which all has come or too much. */
class CallBoundsTest {
  private static final CancelRequest FIRST = CancelRequest.newBuilder().setQueue("first").build();
  private static final CancelRequest SECOND = CancelRequest.newBuilder().setQueue("second").build();

  private final List<Object> passed = new ArrayList<>();
  private final Closed call = new Closed();

  @Test
  void aRequestGetsOnOnceItHasEnded() throws Exception {
    ServerCall.Listener<CancelRequest> bounded = bounded();

    bounded.onMessage(FIRST);
    assertThat(passed).isEmpty();
    bounded.onHalfClose();

    assertThat(passed).containsExactly(FIRST, "half-closed");
    assertThat(call.status).isNull();
  }

  @Test
  void ofTwoMessagesWhereOneIsTakenNoneGetsOn() throws Exception {
    ServerCall.Listener<CancelRequest> bounded = bounded();

    bounded.onMessage(FIRST);
    bounded.onMessage(SECOND);
    bounded.onHalfClose();

    assertThat(passed).isEmpty();
    assertThat(call.status).extracting(Status::getCode).isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  /** That of a call on a transport whose connections nobody counts. */
  private ServerCall.Listener<CancelRequest> bounded() throws Exception {
    return CallAccount.factory(method -> Integer.MAX_VALUE)
        .newServerStreamTracer(call.getMethodDescriptor().getFullMethodName(), new Metadata())
        .filterContext(Context.ROOT)
        .call(
            () ->
                new CallBounds()
                    .interceptCall(call, new Metadata(), (begun, headers) -> new Recorder()));
  }

  private final class Recorder extends ServerCall.Listener<CancelRequest> {
    @Override
    public void onMessage(CancelRequest message) {
      passed.add(message);
    }

    @Override
    public void onHalfClose() {
      passed.add("half-closed");
    }
  }

  /** A call that tells how it was closed. */
  private static final class Closed extends ServerCall<CancelRequest, CancelResponse> {
    private @Nullable Status status;

    @Override
    public void close(Status how, Metadata trailers) {
      status = how;
    }

    @Override
    public MethodDescriptor<CancelRequest, CancelResponse> getMethodDescriptor() {
      return SchedulerServiceGrpc.getCancelMethod();
    }

    @Override
    public void request(int messages) {}

    @Override
    public void sendHeaders(Metadata headers) {}

    @Override
    public void sendMessage(CancelResponse message) {}

    @Override
    public boolean isCancelled() {
      return false;
    }
  }
}
