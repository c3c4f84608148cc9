package dev.dueline.grpc.failure;

import com.google.rpc.Code;

/**
 * Why a call fails: the reason of its ErrorInfo, with the code that it comes with. Clients decide
 * by these names, so none is changed or given another meaning. A test holds them against the
 * contract and {@code docs/errors.md}. What gRPC itself fails with has none of these: its reason is
 * the name of its code.
 */
public enum Reason {
  INVALID_REQUEST(Code.INVALID_ARGUMENT),
  UNREADABLE_REQUEST(Code.INVALID_ARGUMENT),
  UNAUTHENTICATED(Code.UNAUTHENTICATED),
  PERMISSION_DENIED(Code.PERMISSION_DENIED),
  JOB_NOT_FOUND(Code.NOT_FOUND),
  QUEUE_NOT_FOUND(Code.NOT_FOUND),
  JOB_EXISTS(Code.ALREADY_EXISTS),
  /** Of Schedule; of Reschedule {@link Code#FAILED_PRECONDITION}. */
  JOB_LEASED(Code.ALREADY_EXISTS),
  REQUEST_ID_REUSED(Code.ALREADY_EXISTS),
  AFTER_END_TIME(Code.FAILED_PRECONDITION),
  JOBS_LEASED(Code.FAILED_PRECONDITION),
  DELIVERED_TO_STREAM(Code.FAILED_PRECONDITION),
  QUEUE_NOT_EMPTY(Code.FAILED_PRECONDITION),
  QUEUE_UNREADABLE(Code.FAILED_PRECONDITION),
  QUEUE_FULL(Code.RESOURCE_EXHAUSTED),
  REDIS_OUT_OF_MEMORY(Code.RESOURCE_EXHAUSTED),
  TOO_MANY_STREAM_QUEUES(Code.RESOURCE_EXHAUSTED),
  TOO_MANY_CALLS(Code.RESOURCE_EXHAUSTED),
  TOO_MANY_WATCHERS(Code.RESOURCE_EXHAUSTED),
  RATE_EXCEEDED(Code.RESOURCE_EXHAUSTED),
  ANSWERS_UNREAD(Code.RESOURCE_EXHAUSTED),
  REDIS_UNAVAILABLE(Code.UNAVAILABLE),
  REDIS_REFUSES(Code.UNAVAILABLE),
  OVERLOADED(Code.UNAVAILABLE),
  NOT_IN_TIME(Code.UNAVAILABLE),
  MESSAGE_TIMEOUT(Code.UNAVAILABLE),
  DRAINING(Code.UNAVAILABLE),
  UNKNOWN_METHOD(Code.UNIMPLEMENTED),
  BUG(Code.INTERNAL);

  private final Code code;

  Reason(Code code) {
    this.code = code;
  }

  Code code() {
    return code;
  }
}
