package dev.dueline.grpc.failure;

import com.google.rpc.BadRequest.FieldViolation;
import java.util.List;

/** The caller asked for what cannot be. */
public final class InvalidRequestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<FieldViolation> violations;

  /**
   * With everything that is wrong.
   *
   * @param violations at least one
   */
  public InvalidRequestException(List<FieldViolation> violations) {
    super("invalid request", null, false, false);
    this.violations = List.copyOf(violations);
  }

  public List<FieldViolation> violations() {
    return violations;
  }
}
