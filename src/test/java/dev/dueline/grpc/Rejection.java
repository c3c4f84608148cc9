package dev.dueline.grpc;

import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What a client is told of a call that failed. */
public record Rejection(Status status) {

  public static Rejection of(ThrowingCallable call) {
    Throwable thrown = catchThrowable(call);
    if (thrown == null) {
      throw new AssertionError("the call did not fail");
    }
    return of(thrown);
  }

  public static Rejection of(Throwable thrown) {
    Status status = StatusProto.fromThrowable(thrown);
    if (status == null) {
      throw new AssertionError("not a status", thrown);
    }
    return new Rejection(status);
  }

  public Code code() {
    return Code.forNumber(status.getCode());
  }

  public ErrorInfo info() {
    return detail(ErrorInfo.class);
  }

  public String reason() {
    return info().getReason();
  }

  public RetryInfo retry() {
    return detail(RetryInfo.class);
  }

  /** The fields that are wrong. */
  public List<String> fields() {
    return detail(BadRequest.class).getFieldViolationsList().stream()
        .map(BadRequest.FieldViolation::getField)
        .toList();
  }

  public <T extends Message> T detail(Class<T> type) {
    try {
      for (Any any : status.getDetailsList()) {
        if (any.is(type)) {
          return any.unpack(type);
        }
      }
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
    throw new AssertionError("no " + type.getSimpleName() + " in " + status);
  }
}
