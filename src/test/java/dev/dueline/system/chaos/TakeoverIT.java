package dev.dueline.system.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Timestamps;
import dev.dueline.embedded.EmbeddedRedis;
import dev.dueline.system.process.ServiceProcess;
import dev.dueline.v1.DisconnectPolicy;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.PullDueRequest;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.SchedulerServiceGrpc;
import dev.dueline.v1.WatchDueRequest;
import dev.dueline.v1.WatchDueResponse;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job whose holder died goes to somebody else; how soon is printed. */
class TakeoverIT {
  private static final String QUEUE = "takeover";

  private EmbeddedRedis redis;

  @BeforeEach
  void startRedis(@TempDir Path data) {
    redis = EmbeddedRedis.start(data, Optional.empty());
  }

  @AfterEach
  void stopRedis() {
    redis.close();
  }

  @Test
  void anotherReplicaDeliversTheJobsOfOneThatWasKilled() {
    try (ServiceProcess victim = start();
        ServiceProcess other = start()) {
      schedule(victim);
      DueJob held = first(victim.calls().watchDue(watch(2_000).build()));
      Iterator<WatchDueResponse> waiting = other.calls().watchDue(watch(30_000).build());
      victim.kill();
      DueJob again = first(waiting);
      assertThat(again.getJobId()).isEqualTo(held.getJobId());
      // More than one lease may have run out before the victim was gone.
      assertThat(again.getAttempt()).isGreaterThan(held.getAttempt());
      long afterLeaseMs = millis(again) - leaseEndMs(held);
      assertThat(afterLeaseMs).isNotNegative();
      System.out.printf("killed replica: again %d ms after the lease ended%n", afterLeaseMs);
    }
  }

  @Test
  void aClientThatDiesGivesItsJobsBackAtOnceIfItReleases() {
    try (ServiceProcess service = start()) {
      schedule(service);
      ManagedChannel dying =
          NettyChannelBuilder.forAddress("127.0.0.1", service.port()).usePlaintext().build();
      WatchDueRequest request =
          watch(3_600_000).setDisconnectPolicy(DisconnectPolicy.DISCONNECT_POLICY_RELEASE).build();
      DueJob held = first(SchedulerServiceGrpc.newBlockingStub(dying).watchDue(request));
      long goneMs = Client.nowUs() / 1_000;
      dying.shutdownNow();
      DueJob again =
          service
              .calls()
              .pullDue(
                  PullDueRequest.newBuilder()
                      .addQueues(QUEUE)
                      .setWaitTime(Client.ms(20_000))
                      .build())
              .getJobs(0);
      assertThat(again.getJobId()).isEqualTo(held.getJobId());
      assertThat(again.getLeaseToken()).isNotEqualTo(held.getLeaseToken());
      System.out.printf("dead client: again after %d ms%n", millis(again) - goneMs);
    }
  }

  /** Of the jobs that its watches hold none is acknowledged, so that a drain only waits. */
  private ServiceProcess start() {
    return ServiceProcess.start(
        "quarkus.redis.hosts=" + redis.hosts(),
        "dueline.drain.timeout=1s",
        // Redis is not what dies.
        "dueline.store.timeout=20s");
  }

  private static void schedule(ServiceProcess service) {
    service.calls().schedule(ScheduleRequest.newBuilder().setQueue(QUEUE).setJobId("a").build());
  }

  private static WatchDueRequest.Builder watch(long leaseMs) {
    return WatchDueRequest.newBuilder().addQueues(QUEUE).setLeaseDuration(Client.ms(leaseMs));
  }

  private static DueJob first(Iterator<WatchDueResponse> events) {
    while (true) {
      WatchDueResponse event = events.next();
      if (event.hasDueJobs()) {
        return event.getDueJobs().getJobs(0);
      }
    }
  }

  private static long millis(DueJob job) {
    return Timestamps.toMillis(job.getDispatchTime());
  }

  private static long leaseEndMs(DueJob job) {
    return Timestamps.toMillis(job.getLeaseExpireTime());
  }
}
