package dev.dueline.grpc.failure;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import dev.dueline.v1.ItemError;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Why a call failed, as clients are told.
 *
 * @param reason of the ErrorInfo: a {@link Reason}, or the name of the code that gRPC itself gave
 * @param message for people, ASCII: it travels percent-encoded in a header
 * @param metadata of the ErrorInfo: what the failure is about
 * @param details besides the ErrorInfo
 */
public record Failure(
    Code code,
    String reason,
    String message,
    Map<String, String> metadata,
    List<? extends Message> details) {
  /** A google.rpc.Status, as clients of gRPC know it. */
  public static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

  /** The domain of every ErrorInfo. */
  public static final String DOMAIN = "dueline.dev";

  /** With the code of its reason. */
  public static Failure of(Reason reason, String message) {
    return of(reason.code(), reason, message);
  }

  static Failure of(Code code, Reason reason, String message) {
    return new Failure(code, reason.name(), message, Map.of(), List.of());
  }

  /** The same, with one more word on what it is about. */
  public Failure about(String key, String value) {
    Map<String, String> more = new TreeMap<>(metadata);
    more.put(key, value);
    return new Failure(code, reason, message, more, details);
  }

  public Failure with(Message detail) {
    return new Failure(code, reason, message, metadata, List.of(detail));
  }

  /** The failure of a whole call. */
  public StatusException toException() {
    return status().asException(trailers());
  }

  /** Ends a call with it. Makes no exception, for strangers can have many calls fail. */
  public void close(ServerCall<?, ?> call) {
    call.close(status(), trailers());
  }

  private Status status() {
    return Status.fromCodeValue(code.getNumber()).withDescription(message);
  }

  private Metadata trailers() {
    ErrorInfo info =
        ErrorInfo.newBuilder().setDomain(DOMAIN).setReason(reason).putAllMetadata(metadata).build();
    com.google.rpc.Status.Builder status =
        com.google.rpc.Status.newBuilder()
            .setCode(code.getNumber())
            .setMessage(message)
            .addDetails(Any.pack(info));
    details.forEach(detail -> status.addDetails(Any.pack(detail)));
    Metadata trailers = new Metadata();
    trailers.put(DETAILS, status.build().toByteArray());
    return trailers;
  }

  /** The failure of one item of a batch. */
  public ItemError toItemError() {
    return ItemError.newBuilder()
        .setCode(code.getNumber())
        .setReason(reason)
        .setMessage(message)
        .putAllMetadata(metadata)
        .build();
  }
}
