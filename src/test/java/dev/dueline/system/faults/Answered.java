package dev.dueline.system.faults;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.function.Supplier;

/**
 * What a caller was told.
 *
 * @param reason of the ErrorInfo; empty: the call succeeded
 * @param isRetryable whether it was told when to try again
 */
record Answered(Code code, String reason, boolean isRetryable) {
  static final Answered OK = new Answered(Code.OK, "", false);
  static final Answered UNAVAILABLE = new Answered(Code.UNAVAILABLE, "REDIS_UNAVAILABLE", true);
  static final Answered REFUSED = new Answered(Code.UNAVAILABLE, "REDIS_REFUSES", true);
  static final Answered NO_ROOM =
      new Answered(Code.RESOURCE_EXHAUSTED, "REDIS_OUT_OF_MEMORY", true);

  static Answered to(Supplier<?> call) {
    try {
      Object answer = call.get();
      return answer == null ? new Answered(Code.OK, "nothing", false) : OK;
    } catch (StatusRuntimeException e) {
      return of(e);
    }
  }

  private static Answered of(StatusRuntimeException failure) {
    Status status = StatusProto.fromThrowable(failure);
    String reason = "none";
    boolean isRetryable = false;
    if (status != null) {
      for (var detail : status.getDetailsList()) {
        try {
          if (detail.is(ErrorInfo.class)) {
            reason = detail.unpack(ErrorInfo.class).getReason();
          }
          isRetryable |= detail.is(RetryInfo.class);
        } catch (InvalidProtocolBufferException e) {
          reason = e.toString();
        }
      }
    }
    return new Answered(failure.getStatus().getCode(), reason, isRetryable);
  }
}
