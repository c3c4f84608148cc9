package dev.dueline.client;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import dev.dueline.v1.ItemError;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A call that failed: the gRPC status, and what the service said of it. */
public final class DuelineException extends StatusRuntimeException {
  private static final long serialVersionUID = 1;

  private final String reason;
  private final transient Map<String, String> metadata;
  private final transient Map<String, String> violations;

  private DuelineException(
      Status status,
      @Nullable Metadata trailers,
      String reason,
      Map<String, String> metadata,
      Map<String, String> violations) {
    super(status, trailers);
    this.reason = reason;
    this.metadata = metadata;
    this.violations = violations;
  }

  /** Reads a failure, and the details that came with it. */
  public static DuelineException of(Throwable failure) {
    if (failure instanceof DuelineException known) {
      return known;
    }
    String reason = "";
    Map<String, String> metadata = Map.of();
    Map<String, String> violations = new LinkedHashMap<>();
    com.google.rpc.Status details = StatusProto.fromThrowable(failure);
    for (Any detail : details == null ? java.util.List.<Any>of() : details.getDetailsList()) {
      try {
        if (detail.is(ErrorInfo.class)) {
          ErrorInfo info = detail.unpack(ErrorInfo.class);
          reason = info.getReason();
          metadata = info.getMetadataMap();
        } else if (detail.is(BadRequest.class)) {
          detail
              .unpack(BadRequest.class)
              .getFieldViolationsList()
              .forEach(each -> violations.put(each.getField(), each.getDescription()));
        }
      } catch (InvalidProtocolBufferException e) {
        // The code and the message are left.
      }
    }
    return new DuelineException(
        Status.fromThrowable(failure),
        Status.trailersFromThrowable(failure),
        reason,
        metadata,
        violations);
  }

  /** The failure of one item of a batch. */
  public static DuelineException of(ItemError error) {
    Status status = Status.fromCodeValue(error.getCode()).withDescription(error.getMessage());
    return new DuelineException(status, null, error.getReason(), error.getMetadataMap(), Map.of());
  }

  /** The gRPC code. */
  public Status.Code code() {
    return getStatus().getCode();
  }

  /**
   * Why, as one word of the contract such as {@code QUEUE_FULL}; empty: the service did not say.
   */
  public String reason() {
    return reason;
  }

  /** What the reason is about, such as {@code job_state}. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /** What is wrong with each field, by its name. */
  public Map<String, String> violations() {
    return violations;
  }
}
