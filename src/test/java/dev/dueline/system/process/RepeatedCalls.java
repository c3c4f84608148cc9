package dev.dueline.system.process;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes a call of one request again that is told {@code NOT_IN_TIME}, as it asks, until the call's
 * own deadline: the replica stood still with its machine, nothing was done, and nothing will be. No
 * other failure is kept from the caller.
 */
public final class RepeatedCalls implements ClientInterceptor {
  private static final String NOT_IN_TIME = "NOT_IN_TIME";

  /** As {@link RetryInfo} says with it. */
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  @Override
  public <Q, R> ClientCall<Q, R> interceptCall(
      MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
    return method.getType().clientSendsOneMessage()
        ? new Repeated<>(() -> next.newCall(method, options))
        : next.newCall(method, options);
  }

  private static boolean isNotInTime(Status status, Metadata trailers) {
    com.google.rpc.Status told = StatusProto.fromStatusAndTrailers(status, trailers);
    return told != null && told.getDetailsList().stream().anyMatch(RepeatedCalls::isNotInTime);
  }

  private static boolean isNotInTime(Any detail) {
    try {
      return detail.is(ErrorInfo.class)
          && detail.unpack(ErrorInfo.class).getReason().equals(NOT_IN_TIME);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  /** One call after another, of which the last one's answer counts. */
  private static final class Repeated<Q, R> extends ClientCall<Q, R> {
    private final Supplier<ClientCall<Q, R>> calls;
    private ClientCall<Q, R> current;
    private ClientCall.@Nullable Listener<R> listener;
    private Metadata headers = new Metadata();
    private @Nullable Q message;
    private int requested;

    Repeated(Supplier<ClientCall<Q, R>> calls) {
      this.calls = calls;
      this.current = calls.get();
    }

    @Override
    public synchronized void start(Listener<R> answers, Metadata metadata) {
      listener = answers;
      headers = metadata;
      begin();
    }

    private void begin() {
      Metadata copy = new Metadata();
      copy.merge(headers);
      current.start(new Answers(Objects.requireNonNull(listener)), copy);
    }

    private synchronized void again() {
      current = calls.get();
      begin();
      current.request(requested);
      current.sendMessage(Objects.requireNonNull(message));
      current.halfClose();
    }

    @Override
    public synchronized void request(int count) {
      requested += count;
      current.request(count);
    }

    @Override
    public synchronized void cancel(@Nullable String why, @Nullable Throwable cause) {
      current.cancel(why, cause);
    }

    @Override
    public synchronized void halfClose() {
      current.halfClose();
    }

    @Override
    public synchronized void sendMessage(Q request) {
      message = request;
      current.sendMessage(request);
    }

    private final class Answers extends Listener<R> {
      private final Listener<R> told;

      Answers(Listener<R> told) {
        this.told = told;
      }

      @Override
      public void onHeaders(Metadata answer) {
        told.onHeaders(answer);
      }

      @Override
      public void onMessage(R answer) {
        told.onMessage(answer);
      }

      @Override
      public void onClose(Status status, Metadata trailers) {
        if (isNotInTime(status, trailers)) {
          LockSupport.parkNanos(PAUSE_NANOS);
          again();
        } else {
          told.onClose(status, trailers);
        }
      }
    }
  }
}
