package dev.dueline.grpc.reflection;

import dev.dueline.grpc.health.HealthService;
import dev.dueline.grpc.queue.QueueService;
import dev.dueline.grpc.scheduler.SchedulerService;
import io.grpc.ServerServiceDefinition;
import io.quarkus.grpc.GrpcService;
import jakarta.inject.Singleton;
import java.util.List;

/** What reflection tells of. */
@Singleton
final class ReflectedServices {
  private final List<ServerServiceDefinition> services;

  ReflectedServices(
      @GrpcService SchedulerService scheduler,
      @GrpcService QueueService queues,
      @GrpcService HealthService health) {
    this.services = List.of(scheduler.bindService(), queues.bindService(), health.bindService());
  }

  List<ServerServiceDefinition> all() {
    return services;
  }
}
