package dev.dueline.grpc;

import com.google.protobuf.Duration;
import com.google.protobuf.FieldMask;
import com.google.protobuf.util.Timestamps;
import dev.dueline.job.lease.Delivery;
import dev.dueline.v1.CountJobsRequest;
import dev.dueline.v1.DeleteQueueRequest;
import dev.dueline.v1.GetQueueRequest;
import dev.dueline.v1.ListQueuesRequest;
import dev.dueline.v1.ListQueuesResponse;
import dev.dueline.v1.ListWatchersRequest;
import dev.dueline.v1.ListWatchersResponse;
import dev.dueline.v1.NackRequest;
import dev.dueline.v1.PauseQueueRequest;
import dev.dueline.v1.PurgeQueueRequest;
import dev.dueline.v1.PurgeQueueResponse;
import dev.dueline.v1.PurgeState;
import dev.dueline.v1.Queue;
import dev.dueline.v1.QueueDelivery;
import dev.dueline.v1.QueueLimits;
import dev.dueline.v1.RedriveDeadJobsRequest;
import dev.dueline.v1.ResumeQueueRequest;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.SetQueueDeliveryRequest;
import dev.dueline.v1.SetQueueLimitsRequest;
import dev.dueline.v1.StreamDelivery;
import dev.dueline.v1.WatcherDelivery;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** What those who run queues call, and what gives them something to run. */
public final class QueueCalls {
  private final TestService service;

  public QueueCalls(TestService service) {
    this.service = service;
  }

  public static QueueDelivery watchers() {
    return QueueDelivery.newBuilder().setWatchers(WatcherDelivery.getDefaultInstance()).build();
  }

  public static QueueDelivery stream(String group, long maxLength) {
    return QueueDelivery.newBuilder()
        .setStream(
            StreamDelivery.newBuilder().setConsumerGroup(group).setMaxStreamLength(maxLength))
        .build();
  }

  public void schedule(String queue, int count, Duration delay) {
    schedule(queue, count, delay, "job-");
  }

  public void schedule(String queue, int count, Duration delay, String prefix) {
    IntStream.range(0, count).forEach(i -> schedule(queue, prefix + i, delay));
  }

  public void schedule(String queue, String id, Duration delay) {
    service
        .client()
        .schedule(
            ScheduleRequest.newBuilder().setQueue(queue).setJobId(id).setDelay(delay).build());
  }

  public void kill(List<Delivery> jobs) {
    NackRequest.Builder request = NackRequest.newBuilder().setDead(true);
    jobs.forEach(job -> request.addLeaseTokens(job.token().encode()));
    service.client().nack(request.build());
  }

  public Queue queue(String name) {
    return service
        .queues()
        .getQueue(GetQueueRequest.newBuilder().setQueue(name).build())
        .getQueue();
  }

  public ListQueuesResponse list(String prefix, int size, String token) {
    return service
        .queues()
        .listQueues(
            ListQueuesRequest.newBuilder()
                .setNamePrefix(prefix)
                .setPageSize(size)
                .setPageToken(token)
                .build());
  }

  /** Of pending jobs. */
  public List<Long> count(String name, long... boundariesMs) {
    CountJobsRequest.Builder request = CountJobsRequest.newBuilder().setQueue(name);
    for (long boundaryMs : boundariesMs) {
      request.addBoundaries(Timestamps.fromMillis(boundaryMs));
    }
    return service.queues().countJobs(request.build()).getCountsList();
  }

  public void pause(String name) {
    service.queues().pauseQueue(PauseQueueRequest.newBuilder().setQueue(name).build());
  }

  public void resume(String name) {
    service.queues().resumeQueue(ResumeQueueRequest.newBuilder().setQueue(name).build());
  }

  /** With a mask of those fields. */
  public Queue limit(String name, QueueLimits limits, String... fields) {
    return service
        .queues()
        .setQueueLimits(
            SetQueueLimitsRequest.newBuilder()
                .setQueue(name)
                .setLimits(limits)
                .setUpdateMask(FieldMask.newBuilder().addAllPaths(List.of(fields)))
                .build())
        .getQueue();
  }

  public Queue deliver(String name, QueueDelivery delivery) {
    return service
        .queues()
        .setQueueDelivery(
            SetQueueDeliveryRequest.newBuilder().setQueue(name).setDelivery(delivery).build())
        .getQueue();
  }

  public PurgeQueueResponse purge(String name, PurgeState state) {
    List<PurgeQueueResponse> progress = new ArrayList<>();
    service
        .queues()
        .purgeQueue(PurgeQueueRequest.newBuilder().setQueue(name).setState(state).build())
        .forEachRemaining(progress::add);
    return progress.get(progress.size() - 1);
  }

  public ListWatchersResponse watchers(String name, int size, String token) {
    return service
        .queues()
        .listWatchers(
            ListWatchersRequest.newBuilder()
                .setQueue(name)
                .setPageSize(size)
                .setPageToken(token)
                .build());
  }

  public long delete(String name, boolean force) {
    return service
        .queues()
        .deleteQueue(DeleteQueueRequest.newBuilder().setQueue(name).setForce(force).build())
        .getDeletedJobs();
  }

  public long redrive(RedriveDeadJobsRequest.Builder request) {
    return service.queues().redriveDeadJobs(request.build()).getRedrivenJobs();
  }
}
