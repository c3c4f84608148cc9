package dev.dueline.cli.bench;

import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import dev.dueline.cli.CommandRun;
import dev.dueline.client.ScriptedScheduler;
import dev.dueline.v1.AckRequest;
import dev.dueline.v1.AckResponse;
import dev.dueline.v1.BatchCancelRequest;
import dev.dueline.v1.BatchCancelResponse;
import dev.dueline.v1.BatchScheduleRequest;
import dev.dueline.v1.BatchScheduleResponse;
import dev.dueline.v1.BatchScheduleResult;
import dev.dueline.v1.CancelOutcome;
import dev.dueline.v1.CancelRequest;
import dev.dueline.v1.CancelResponse;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.DueJobs;
import dev.dueline.v1.LeaseOutcome;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.ScheduleResponse;
import dev.dueline.v1.Started;
import dev.dueline.v1.WatchDueRequest;
import dev.dueline.v1.WatchDueResponse;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A service on loopback that keeps jobs in memory, and finds each job due as soon as it is stored
 * and watched, with its due time as the time of dispatch. Cancels nothing that was delivered.
 */
final class FakeService implements AutoCloseable {
  private static final long FAR_SECONDS = 3_600;

  private final ScriptedScheduler service = new ScriptedScheduler();
  private final Map<String, ScheduleRequest> waiting = new LinkedHashMap<>();
  private final Map<String, StreamObserver<Message>> watchers = new HashMap<>();
  private Predicate<String> isLost = jobId -> false;
  private LeaseOutcome ackOutcome = LeaseOutcome.LEASE_OUTCOME_OK;

  FakeService() throws IOException {
    service.reply("Check", request -> HealthCheckResponse.getDefaultInstance());
    service.reply("Schedule", this::schedule);
    service.reply("BatchSchedule", this::batchSchedule);
    service.reply("Cancel", this::cancel);
    service.reply("BatchCancel", this::batchCancel);
    service.reply("Ack", this::ack);
    service.on("WatchDue", (request, stream) -> watch((WatchDueRequest) request, stream));
  }

  /** Never delivers these. */
  synchronized void lose(Predicate<String> jobIds) {
    isLost = jobIds;
  }

  /** Answers acks so. */
  synchronized void ackWith(LeaseOutcome outcome) {
    ackOutcome = outcome;
  }

  /** Jobs that wait. */
  synchronized List<ScheduleRequest> waiting() {
    return List.copyOf(waiting.values());
  }

  ScriptedScheduler scripted() {
    return service;
  }

  CommandRun bench(String line) {
    return CommandRun.on(service, ("bench " + line).split(" "));
  }

  private synchronized Message schedule(ScheduleRequest request) {
    waiting.put(request.getJobId(), request);
    deliver();
    return ScheduleResponse.newBuilder().setJobId(request.getJobId()).build();
  }

  private synchronized Message batchSchedule(BatchScheduleRequest request) {
    BatchScheduleResponse.Builder response = BatchScheduleResponse.newBuilder();
    for (ScheduleRequest one : request.getRequestsList()) {
      waiting.put(one.getJobId(), one);
      response.addResults(
          BatchScheduleResult.newBuilder()
              .setResponse(ScheduleResponse.newBuilder().setJobId(one.getJobId())));
    }
    deliver();
    return response.build();
  }

  private CancelOutcome outcome(CancelRequest request) {
    return waiting.remove(request.getJobId()) == null
        ? CancelOutcome.CANCEL_OUTCOME_NOT_FOUND
        : CancelOutcome.CANCEL_OUTCOME_CANCELED;
  }

  private synchronized Message cancel(CancelRequest request) {
    return CancelResponse.newBuilder().setOutcome(outcome(request)).build();
  }

  private synchronized Message batchCancel(BatchCancelRequest request) {
    return BatchCancelResponse.newBuilder()
        .addAllOutcomes(request.getRequestsList().stream().map(this::outcome).toList())
        .build();
  }

  private synchronized Message ack(AckRequest request) {
    AckResponse.Builder response = AckResponse.newBuilder();
    request.getLeaseTokensList().forEach(token -> response.addOutcomes(ackOutcome));
    return response.build();
  }

  private synchronized void watch(WatchDueRequest request, StreamObserver<Message> stream) {
    watchers.put(request.getQueues(0), stream);
    stream.onNext(WatchDueResponse.newBuilder().setStarted(Started.getDefaultInstance()).build());
    deliver();
  }

  private void deliver() {
    for (Map.Entry<String, StreamObserver<Message>> watcher : watchers.entrySet()) {
      List<ScheduleRequest> due = new ArrayList<>(waiting.values());
      due.removeIf(job -> !job.getQueue().equals(watcher.getKey()));
      due.removeIf(job -> isLost.test(job.getJobId()) || isFarAhead(job.getDueTime()));
      if (!due.isEmpty()) {
        DueJobs.Builder jobs = DueJobs.newBuilder();
        due.forEach(job -> jobs.addJobs(dueJob(job)));
        due.forEach(job -> waiting.remove(job.getJobId()));
        watcher.getValue().onNext(WatchDueResponse.newBuilder().setDueJobs(jobs).build());
      }
    }
  }

  private static boolean isFarAhead(Timestamp dueTime) {
    return dueTime.getSeconds() > System.currentTimeMillis() / 1_000 + FAR_SECONDS;
  }

  private static DueJob dueJob(ScheduleRequest job) {
    return DueJob.newBuilder()
        .setQueue(job.getQueue())
        .setJobId(job.getJobId())
        .setLeaseToken("token-" + job.getJobId())
        .setDueTime(job.getDueTime())
        .setDispatchTime(job.getDueTime())
        .setAttempt(1)
        .build();
  }

  @Override
  public void close() throws InterruptedException {
    service.close();
  }
}
