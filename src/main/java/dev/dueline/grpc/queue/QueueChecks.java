package dev.dueline.grpc.queue;

import com.google.protobuf.Timestamp;
import dev.dueline.delivery.news.WatcherSurvey.Place;
import dev.dueline.grpc.message.BoundedRequests;
import dev.dueline.grpc.message.FieldChecks;
import dev.dueline.grpc.message.RequestLimits;
import dev.dueline.grpc.message.Times;
import dev.dueline.job.QueueName;
import dev.dueline.operation.queue.QueuePlace;
import dev.dueline.store.queue.QueueStore;
import dev.dueline.v1.CountJobsRequest;
import dev.dueline.v1.ListQueuesRequest;
import dev.dueline.v1.ListWatchersRequest;
import dev.dueline.v1.PurgeQueueRequest;
import dev.dueline.v1.PurgeState;
import dev.dueline.v1.QueueLimits;
import dev.dueline.v1.RedriveDeadJobsRequest;
import dev.dueline.v1.SetQueueDeliveryRequest;
import dev.dueline.v1.SetQueueLimitsRequest;
import dev.dueline.v1.StreamDelivery;
import java.util.List;
import java.util.Optional;

/** What must hold for requests on queues. Each method throws with all that is wrong. */
final class QueueChecks {
  /** A stream is read and moved between nodes as a whole. */
  private static final long MOST_STREAM_LENGTH = 100_000_000;

  private final RequestLimits limits;

  QueueChecks(RequestLimits limits) {
    this.limits = limits;
  }

  /** Gives the name. */
  QueueName queue(String name) {
    FieldChecks fields = new FieldChecks();
    fields.queue("queue", name);
    fields.throwIfAny();
    return new QueueName(name);
  }

  /** Gives the place where the page begins. */
  QueuePlace list(ListQueuesRequest request) {
    FieldChecks fields = new FieldChecks();
    fields.queueOrEmpty("name_prefix", request.getNamePrefix());
    fields.number("page_size", request.getPageSize(), 0, Integer.MAX_VALUE);
    fields.throwIfAny();
    Optional<QueuePlace> from =
        request.getPageToken().isEmpty()
            ? Optional.of(QueuePlace.START)
            : QueuePageToken.decode(request.getNamePrefix(), request.getPageToken());
    fields.require(
        from.isPresent(),
        "page_token",
        "must be the next_page_token of this list: the same name_prefix");
    fields.throwIfAny();
    return from.orElseThrow();
  }

  /** Gives the boundaries, ms. */
  List<Long> count(CountJobsRequest request) {
    FieldChecks fields = new FieldChecks();
    fields.queue("queue", request.getQueue());
    fields.known("state", request.getState());
    List<Timestamp> given = request.getBoundariesList();
    fields.require(
        given.size() <= QueueStore.MAX_BOUNDARIES,
        "boundaries",
        "must have at most " + QueueStore.MAX_BOUNDARIES + " items");
    for (int i = 0; i < Math.min(given.size(), QueueStore.MAX_BOUNDARIES); i++) {
      fields.timestamp("boundaries[" + i + "]", given.get(i));
    }
    fields.throwIfAny();
    List<Long> boundariesMs = given.stream().map(Times::roundUpToMs).toList();
    for (int i = 1; i < boundariesMs.size(); i++) {
      fields.require(
          boundariesMs.get(i - 1) < boundariesMs.get(i),
          "boundaries[" + i + "]",
          "must be later than the one before, in milliseconds");
    }
    fields.throwIfAny();
    return boundariesMs;
  }

  /** Gives the place where the page begins. */
  Place watchers(ListWatchersRequest request) {
    FieldChecks fields = new FieldChecks();
    fields.queue("queue", request.getQueue());
    fields.number("page_size", request.getPageSize(), 0, Integer.MAX_VALUE);
    Optional<Place> from =
        request.getPageToken().isEmpty()
            ? Optional.of(Place.START)
            : WatcherMapping.decode(request.getQueue(), request.getPageToken());
    fields.require(
        from.isPresent(), "page_token", "must be the next_page_token of this list: the same queue");
    fields.throwIfAny();
    return from.orElseThrow();
  }

  void limits(SetQueueLimitsRequest request) {
    FieldChecks fields = new FieldChecks();
    fields.queue("queue", request.getQueue());
    QueueLimits asked = request.getLimits();
    double rate = asked.getMaxDispatchesPerSecond();
    fields.require(
        dev.dueline.job.QueueLimits.isRate(rate),
        "limits.max_dispatches_per_second",
        dev.dueline.job.QueueLimits.RATES);
    fields.number(
        "limits.max_outstanding_jobs", asked.getMaxOutstandingJobs(), 0, Integer.MAX_VALUE);
    fields.number("limits.max_pending_jobs", asked.getMaxPendingJobs(), 0, Long.MAX_VALUE);
    fields.require(
        request.getUpdateMask().getPathsList().stream()
            .allMatch(
                path -> path.equals(QueueMapping.ALL) || QueueMapping.PARTS.containsKey(path)),
        "update_mask",
        "must name fields of limits: max_dispatches_per_second, max_outstanding_jobs,"
            + " max_pending_jobs; or \"*\" for all");
    fields.throwIfAny();
  }

  void delivery(SetQueueDeliveryRequest request) {
    FieldChecks fields = new FieldChecks();
    fields.queue("queue", request.getQueue());
    fields.require(
        request.getDelivery().hasWatchers() || request.getDelivery().hasStream(),
        "delivery",
        "must have a target: watchers or stream");
    StreamDelivery stream = request.getDelivery().getStream();
    fields.queueOrEmpty("delivery.stream.consumer_group", stream.getConsumerGroup());
    fields.number(
        "delivery.stream.max_stream_length", stream.getMaxStreamLength(), 0, MOST_STREAM_LENGTH);
    fields.throwIfAny();
  }

  void purge(PurgeQueueRequest request) {
    FieldChecks fields = new FieldChecks();
    fields.queue("queue", request.getQueue());
    fields.known("state", request.getState());
    fields.require(
        request.getState() != PurgeState.PURGE_STATE_UNSPECIFIED,
        "state",
        "must say which jobs: PURGE_STATE_PENDING or PURGE_STATE_DEAD");
    fields.throwIfAny();
  }

  void redrive(RedriveDeadJobsRequest request) {
    FieldChecks fields = new FieldChecks();
    fields.queue("queue", request.getQueue());
    List<String> ids = request.getJobIdsList();
    fields.require(
        ids.size() <= BoundedRequests.MAX_ITEMS,
        "job_ids",
        "must have at most " + BoundedRequests.MAX_ITEMS + " items");
    for (int i = 0; i < Math.min(ids.size(), BoundedRequests.MAX_ITEMS); i++) {
      fields.jobId("job_ids[" + i + "]", ids.get(i));
    }
    if (request.hasSpread()) {
      fields.duration("spread", request.getSpread(), java.time.Duration.ZERO, limits.maxDelay());
    }
    fields.throwIfAny();
  }
}
