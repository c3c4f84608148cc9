package dev.dueline.grpc.failure;

import com.google.rpc.BadRequest.FieldViolation;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with one request, as far as it was looked at. */
public final class Violations {
  private final List<FieldViolation> found;
  private final String prefix;

  public Violations() {
    this(new ArrayList<>(), "");
  }

  private Violations(List<FieldViolation> found, String prefix) {
    this.found = found;
    this.prefix = prefix;
  }

  /** The same violations, with fields named from inside a message field of this one. */
  public Violations in(String field) {
    return new Violations(found, prefix + field + ".");
  }

  /**
   * Adds a violation, unless all is well.
   *
   * @param description for people; never repeats what the caller sent
   */
  public void require(boolean isWell, String field, String description) {
    if (!isWell) {
      found.add(
          FieldViolation.newBuilder().setField(prefix + field).setDescription(description).build());
    }
  }

  /** Ends the request if anything is wrong with it. */
  public void throwIfAny() {
    if (!found.isEmpty()) {
      throw exception();
    }
  }

  /** What ends the request, of which something is wrong. */
  public InvalidRequestException exception() {
    return new InvalidRequestException(found);
  }
}
