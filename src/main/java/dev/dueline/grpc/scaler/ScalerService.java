package dev.dueline.grpc.scaler;

import dev.dueline.grpc.call.Answers;
import dev.dueline.grpc.call.Caller;
import dev.dueline.grpc.failure.GrpcFailures;
import dev.dueline.grpc.failure.InvalidRequestException;
import dev.dueline.grpc.message.BoundedRequests;
import dev.dueline.operation.scaling.ActivityWatches;
import dev.dueline.operation.scaling.Workload;
import dev.dueline.operation.scaling.Workloads;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.smallrye.mutiny.Uni;
import sh.keda.externalscaler.ExternalScalerGrpc;
import sh.keda.externalscaler.GetMetricSpecResponse;
import sh.keda.externalscaler.GetMetricsRequest;
import sh.keda.externalscaler.GetMetricsResponse;
import sh.keda.externalscaler.IsActiveResponse;
import sh.keda.externalscaler.MetricSpec;
import sh.keda.externalscaler.MetricValue;
import sh.keda.externalscaler.ScaledObjectRef;

/**
 * What KEDA asks an external scaler. A queue that does not exist has nothing to do, since its first
 * job creates it. Never blocks.
 */
public final class ScalerService implements ExternalScalerGrpc.AsyncService, BindableService {
  /** KEDA puts the number of the trigger before it. */
  private static final String METRIC = "dueline-jobs";

  private final Workloads workloads;
  private final ActivityWatches watches;

  public ScalerService(Workloads workloads, ActivityWatches watches) {
    this.workloads = workloads;
    this.watches = watches;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return BoundedRequests.boundedScaler(ExternalScalerGrpc.bindService(this));
  }

  @Override
  public void isActive(ScaledObjectRef request, StreamObserver<IsActiveResponse> caller) {
    Answers.whileWanted(
        caller,
        () -> workload(ScalingRule.of(request)).map(load -> answer(load.isActive())),
        unwanted -> {});
  }

  @Override
  public void streamIsActive(ScaledObjectRef request, StreamObserver<IsActiveResponse> caller) {
    ScalingRule rule;
    try {
      rule = ScalingRule.of(request);
    } catch (InvalidRequestException e) {
      caller.onError(GrpcFailures.of(e).toException());
      return;
    }
    ActivityStream stream = new ActivityStream((ServerCallStreamObserver<IsActiveResponse>) caller);
    stream.follow(watches.watch(rule.queue(), rule.lookahead(), stream));
  }

  @Override
  public void getMetricSpec(ScaledObjectRef request, StreamObserver<GetMetricSpecResponse> caller) {
    Answers.whileWanted(
        caller,
        () -> Uni.createFrom().item(() -> spec(ScalingRule.of(request).jobsPerReplica())),
        unwanted -> {});
  }

  @Override
  public void getMetrics(GetMetricsRequest request, StreamObserver<GetMetricsResponse> caller) {
    Answers.whileWanted(
        caller,
        () -> workload(ScalingRule.of(request)).map(load -> values(load.jobs())),
        unwanted -> {});
  }

  private Uni<Workload> workload(ScalingRule rule) {
    return workloads.inTurn(Caller.current().name(), rule.queue(), rule.lookahead());
  }

  static IsActiveResponse answer(boolean isActive) {
    return IsActiveResponse.newBuilder().setResult(isActive).build();
  }

  private static GetMetricSpecResponse spec(long jobsPerReplica) {
    return GetMetricSpecResponse.newBuilder()
        .addMetricSpecs(
            MetricSpec.newBuilder()
                .setMetricName(METRIC)
                .setTargetSize(jobsPerReplica)
                .setTargetSizeFloat((double) jobsPerReplica))
        .build();
  }

  private static GetMetricsResponse values(long jobs) {
    return GetMetricsResponse.newBuilder()
        .addMetricValues(
            MetricValue.newBuilder()
                .setMetricName(METRIC)
                .setMetricValue(jobs)
                .setMetricValueFloat((double) jobs))
        .build();
  }
}
