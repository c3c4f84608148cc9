package dev.dueline.grpc.clock;

import com.google.protobuf.util.Durations;
import dev.dueline.grpc.call.Answers;
import dev.dueline.grpc.call.CallDeadlines;
import dev.dueline.grpc.failure.InvalidRequestException;
import dev.dueline.grpc.message.BoundedRequests;
import dev.dueline.grpc.message.FieldChecks;
import dev.dueline.grpc.message.Times;
import dev.dueline.operation.clock.ClockOperations;
import dev.dueline.operation.clock.ClockTargetException;
import dev.dueline.operation.clock.Passage;
import dev.dueline.operation.clock.Tally;
import dev.dueline.testing.v1.AdvanceRequest;
import dev.dueline.testing.v1.AdvanceResponse;
import dev.dueline.testing.v1.AdvanceToNextRequest;
import dev.dueline.testing.v1.AdvanceToNextResponse;
import dev.dueline.testing.v1.ClockServiceGrpc;
import dev.dueline.testing.v1.GetTimeRequest;
import dev.dueline.testing.v1.GetTimeResponse;
import dev.dueline.testing.v1.JobCounts;
import dev.dueline.testing.v1.ResetRequest;
import dev.dueline.testing.v1.ResetResponse;
import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.StreamObserver;
import io.smallrye.mutiny.Uni;
import java.time.Duration;

/**
 * The RPCs that move the clock. They are for anybody who reaches the server, and so for one that
 * serves a test alone. Never blocks.
 */
public final class ClockService implements ClockServiceGrpc.AsyncService, BindableService {
  private static final Duration LONGEST = Duration.ofDays(3_653);
  private static final Duration SETTLE_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration LONGEST_SETTLE_TIMEOUT = Duration.ofSeconds(60);

  private final ClockOperations operations;

  public ClockService(ClockOperations operations) {
    this.operations = operations;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return ServerInterceptors.intercept(
        BoundedRequests.bounded(ClockServiceGrpc.bindService(this)), new Refusing());
  }

  /** Ends calls whose request cannot be read. */
  private static final class Refusing implements ServerInterceptor {
    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
      return BoundedRequests.refusing(call, next.startCall(call, headers));
    }
  }

  @Override
  public void getTime(GetTimeRequest request, StreamObserver<GetTimeResponse> caller) {
    Answers.toTheEnd(
        caller,
        () ->
            Uni.createFrom()
                .item(
                    () ->
                        GetTimeResponse.newBuilder()
                            .setTime(Times.ofMs(operations.clock().millis()))
                            .setMoved(Durations.fromMillis(operations.clock().movedMs()))
                            .build()));
  }

  @Override
  public void advance(AdvanceRequest request, StreamObserver<AdvanceResponse> caller) {
    Answers.toTheEnd(
        caller,
        () -> {
          check(request);
          Duration settle = settleTimeout(request.hasSettleTimeout(), request.getSettleTimeout());
          Uni<Passage> passage =
              request.hasBy()
                  ? operations.by(ofMs(request.getBy()), settle, CallDeadlines.currentOrNone())
                  : operations.to(
                      Times.roundUpToMs(request.getTo()), settle, CallDeadlines.currentOrNone());
          return passage
              .onFailure(ClockTargetException.class)
              .transform(refused -> invalid(request.hasBy() ? "by" : "to", refused))
              .map(
                  done ->
                      AdvanceResponse.newBuilder()
                          .setTime(Times.ofMs(done.nowMs()))
                          .setSteps(done.steps())
                          .setIncomplete(!done.isComplete())
                          .setJobs(counts(done.jobs()))
                          .build());
        });
  }

  @Override
  public void advanceToNext(
      AdvanceToNextRequest request, StreamObserver<AdvanceToNextResponse> caller) {
    Answers.toTheEnd(
        caller,
        () -> {
          FieldChecks fields = new FieldChecks();
          checkSettleTimeout(fields, request.getSettleTimeout());
          fields.throwIfAny();
          return operations
              .toNext(
                  settleTimeout(request.hasSettleTimeout(), request.getSettleTimeout()),
                  CallDeadlines.currentOrNone())
              .map(
                  done ->
                      AdvanceToNextResponse.newBuilder()
                          .setTime(Times.ofMs(done.nowMs()))
                          .setSteps(done.steps())
                          .setJobs(counts(done.jobs()))
                          .build());
        });
  }

  @Override
  public void reset(ResetRequest request, StreamObserver<ResetResponse> caller) {
    Answers.toTheEnd(
        caller,
        () ->
            operations
                .reset()
                .map(ms -> ResetResponse.newBuilder().setTime(Times.ofMs(ms)).build()));
  }

  private static void check(AdvanceRequest request) {
    FieldChecks fields = new FieldChecks();
    switch (request.getTargetCase()) {
      case BY -> fields.duration("by", request.getBy(), Duration.ZERO, LONGEST);
      case TO -> fields.timestamp("to", request.getTo());
      case TARGET_NOT_SET -> fields.require(false, "by", "must be set, or to");
    }
    checkSettleTimeout(fields, request.getSettleTimeout());
    fields.throwIfAny();
  }

  private static void checkSettleTimeout(FieldChecks fields, com.google.protobuf.Duration timeout) {
    fields.duration("settle_timeout", timeout, Duration.ZERO, LONGEST_SETTLE_TIMEOUT);
  }

  private static Duration settleTimeout(boolean isSet, com.google.protobuf.Duration timeout) {
    return isSet ? Times.exact(timeout) : SETTLE_TIMEOUT;
  }

  private static Duration ofMs(com.google.protobuf.Duration valid) {
    return Duration.ofMillis(Times.roundUpToMs(valid));
  }

  private static InvalidRequestException invalid(String field, Throwable refused) {
    FieldChecks fields = new FieldChecks();
    fields.require(false, field, String.valueOf(refused.getMessage()));
    return fields.exception();
  }

  private static JobCounts counts(Tally jobs) {
    return JobCounts.newBuilder()
        .setScheduled(jobs.scheduled())
        .setDelivered(jobs.delivered())
        .setAcknowledged(jobs.acknowledged())
        .setRetried(jobs.retried())
        .setDied(jobs.died())
        .setExpired(jobs.expired())
        .setCanceled(jobs.canceled())
        .setOutstanding(jobs.outstanding())
        .build();
  }
}
