package dev.dueline.ops.scaler;

import dev.dueline.delivery.time.EventLoop;
import dev.dueline.grpc.call.AccessControl;
import dev.dueline.grpc.call.MessageCredentials;
import dev.dueline.grpc.call.StartGate;
import dev.dueline.grpc.failure.FailureDetails;
import dev.dueline.grpc.message.ScalerMetadata;
import dev.dueline.grpc.scaler.ScalerService;
import dev.dueline.operation.scaling.ActivityWatches;
import dev.dueline.operation.scaling.Workloads;
import dev.dueline.store.queue.QueueDirectory;
import dev.dueline.store.queue.QueueStore;
import io.grpc.ServerInterceptors;
import io.grpc.netty.NettyServerBuilder;
import io.quarkus.grpc.GlobalInterceptor;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Adds the calls of KEDA's external scaler to the server, if it is switched on. They pass other
 * interceptors than the rest, since KEDA sends its token in the message.
 */
@Singleton
public final class ScalerServer {
  /** The drain waits for calls. */
  private static final int BEFORE_DRAIN = 1;

  private final ScalerConfig config;
  private final AccessControl access;
  private final StartGate gate;
  private final FailureDetails details;
  private final Workloads workloads;
  private final ActivityWatches watches;

  ScalerServer(
      ScalerConfig config,
      @GlobalInterceptor AccessControl access,
      @GlobalInterceptor StartGate gate,
      @GlobalInterceptor FailureDetails details,
      QueueDirectory directory,
      QueueStore store,
      EventLoop loop) {
    this.config = config;
    this.access = access;
    this.gate = gate;
    this.details = details;
    this.workloads = new Workloads(directory, store, loop);
    this.watches = new ActivityWatches(workloads, loop);
  }

  /** Adds them, if they are switched on. */
  public void addTo(NettyServerBuilder server) {
    if (config.enabled()) {
      server.addService(
          ServerInterceptors.interceptForward(
              new ScalerService(workloads, watches).bindService(),
              details,
              gate,
              new MessageCredentials(access, ScalerMetadata::token)));
    }
  }

  void goingAway(@Observes @Priority(BEFORE_DRAIN) ShutdownDelayInitiatedEvent event) {
    watches.close();
  }
}
