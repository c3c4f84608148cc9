package dev.dueline.cli.remote;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import dev.dueline.cli.text.Fields;
import dev.dueline.cli.text.Line;
import dev.dueline.client.DuelineException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.netty.handler.ssl.NotSslRecordException;
import java.security.cert.CertPathBuilderException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A failed call, as one line for people, and an object and an exit code for scripts.
 *
 * @param line the code, the message and what is wrong with each field
 * @param json one JSON object on one line: code, reason, message
 * @param exitCode one of {@link ExitCode}
 */
public record CallFailure(String line, String json, int exitCode) {
  /** Reads a failure and the google.rpc details that came with it. */
  public static CallFailure of(StatusRuntimeException failure) {
    Status status = failure.getStatus();
    List<String> parts = new ArrayList<>();
    com.google.rpc.Status details = StatusProto.fromThrowable(failure);
    if (details != null) {
      details.getDetailsList().forEach(detail -> addViolations(detail, parts));
    }
    // The message of a bad request repeats the first violation.
    String why = parts.isEmpty() ? message(status) : ": " + String.join("; ", parts);
    String line = Line.clean(status.getCode() + why);
    Fields object =
        new Fields()
            .add("code", status.getCode().name())
            .add("reason", DuelineException.of(failure).reason())
            .add("message", line);
    return new CallFailure(line, object.json(), exitCode(status.getCode()));
  }

  private static String message(Status status) {
    String description = status.getDescription();
    Throwable cause = status.getCause();
    if (cause != null && cause.getMessage() != null) {
      // The transport's own description is "io exception"; the cause says which.
      description = cause.getMessage();
    }
    return description == null
        ? ""
        : ": " + description.lines().findFirst().orElse("") + advice(cause);
  }

  /** What TLS libraries say tells few people what to do. */
  private static String advice(@Nullable Throwable cause) {
    for (Throwable each = cause; each != null; each = each.getCause()) {
      if (each instanceof CertPathBuilderException) {
        return "; its certificate is not trusted: name its authority by --ca";
      }
      if (each instanceof NotSslRecordException) {
        return "; it does not speak TLS there";
      }
    }
    return "";
  }

  private static void addViolations(Any detail, List<String> parts) {
    if (!detail.is(BadRequest.class)) {
      return;
    }
    try {
      for (var violation : detail.unpack(BadRequest.class).getFieldViolationsList()) {
        parts.add(violation.getField() + ": " + violation.getDescription());
      }
    } catch (InvalidProtocolBufferException e) {
      parts.add("details that cannot be read");
    }
  }

  private static int exitCode(Status.Code code) {
    return switch (code) {
      case UNAVAILABLE, DEADLINE_EXCEEDED -> ExitCode.UNREACHABLE;
      default -> ExitCode.REFUSED;
    };
  }
}
