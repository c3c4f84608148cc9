package dev.dueline.client;

import com.google.protobuf.util.Durations;
import dev.dueline.v1.Draining;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.DueJobs;
import dev.dueline.v1.Heartbeat;
import dev.dueline.v1.LostLease;
import dev.dueline.v1.LostLeases;
import dev.dueline.v1.Started;
import dev.dueline.v1.Stopped;
import dev.dueline.v1.WatchDueResponse;

/** What a service says on a stream of WatchDue. */
public final class Events {
  private Events() {}

  /** A watch that nobody can stop. */
  public static WatchDueResponse started(long heartbeatMs) {
    return started(heartbeatMs, "");
  }

  /** A watch by its token. */
  public static WatchDueResponse started(long heartbeatMs, String watchToken) {
    return WatchDueResponse.newBuilder()
        .setStarted(
            Started.newBuilder()
                .setHeartbeatInterval(Durations.fromMillis(heartbeatMs))
                .setWatchToken(watchToken))
        .build();
  }

  /** No more jobs come. */
  public static WatchDueResponse stopped() {
    return WatchDueResponse.newBuilder().setStopped(Stopped.getDefaultInstance()).build();
  }

  /** The leases of these jobs are lost. */
  public static WatchDueResponse lost(String... ids) {
    LostLeases.Builder lost = LostLeases.newBuilder();
    for (String id : ids) {
      lost.addLeases(LostLease.newBuilder().setJobId(id).setLeaseToken("token-" + id));
    }
    return WatchDueResponse.newBuilder().setLostLeases(lost).build();
  }

  /** Nothing to say. */
  public static WatchDueResponse heartbeat() {
    return WatchDueResponse.newBuilder().setHeartbeat(Heartbeat.getDefaultInstance()).build();
  }

  /** The server goes away. */
  public static WatchDueResponse draining(String reason) {
    return WatchDueResponse.newBuilder()
        .setDraining(Draining.newBuilder().setReason(reason))
        .build();
  }

  /** Jobs of these ids, in one message. */
  public static WatchDueResponse jobs(String... ids) {
    DueJobs.Builder jobs = DueJobs.newBuilder();
    for (String id : ids) {
      jobs.addJobs(job(id));
    }
    return WatchDueResponse.newBuilder().setDueJobs(jobs).build();
  }

  /** A job of this id, whose lease token is made from it. */
  public static DueJob job(String id) {
    return DueJob.newBuilder().setJobId(id).setLeaseToken("token-" + id).build();
  }
}
