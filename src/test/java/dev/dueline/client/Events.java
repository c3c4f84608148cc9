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
final class Events {
  private Events() {}

  static WatchDueResponse started(long heartbeatMs) {
    return started(heartbeatMs, "");
  }

  static WatchDueResponse started(long heartbeatMs, String watchToken) {
    return WatchDueResponse.newBuilder()
        .setStarted(
            Started.newBuilder()
                .setHeartbeatInterval(Durations.fromMillis(heartbeatMs))
                .setWatchToken(watchToken))
        .build();
  }

  static WatchDueResponse stopped() {
    return WatchDueResponse.newBuilder().setStopped(Stopped.getDefaultInstance()).build();
  }

  /** The leases of these jobs are lost. */
  static WatchDueResponse lost(String... ids) {
    LostLeases.Builder lost = LostLeases.newBuilder();
    for (String id : ids) {
      lost.addLeases(LostLease.newBuilder().setJobId(id));
    }
    return WatchDueResponse.newBuilder().setLostLeases(lost).build();
  }

  static WatchDueResponse heartbeat() {
    return WatchDueResponse.newBuilder().setHeartbeat(Heartbeat.getDefaultInstance()).build();
  }

  static WatchDueResponse draining(String reason) {
    return WatchDueResponse.newBuilder()
        .setDraining(Draining.newBuilder().setReason(reason))
        .build();
  }

  /** Jobs of these ids, in one message. */
  static WatchDueResponse jobs(String... ids) {
    DueJobs.Builder jobs = DueJobs.newBuilder();
    for (String id : ids) {
      jobs.addJobs(job(id));
    }
    return WatchDueResponse.newBuilder().setDueJobs(jobs).build();
  }

  static DueJob job(String id) {
    return DueJob.newBuilder().setJobId(id).setLeaseToken("token-" + id).build();
  }
}
