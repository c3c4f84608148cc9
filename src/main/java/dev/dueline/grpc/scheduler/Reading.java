package dev.dueline.grpc.scheduler;

import dev.dueline.grpc.call.Caller;
import dev.dueline.grpc.failure.GrpcFailures;
import dev.dueline.grpc.failure.RefusedException;
import dev.dueline.grpc.failure.Violations;
import dev.dueline.grpc.message.Times;
import dev.dueline.job.JobId;
import dev.dueline.job.QueueName;
import dev.dueline.operation.job.FairTurns;
import dev.dueline.store.JobPage.Position;
import dev.dueline.store.JobStore;
import dev.dueline.store.ListQuery;
import dev.dueline.store.QueueDirectory;
import dev.dueline.store.QueueLayout;
import dev.dueline.v1.GetJobRequest;
import dev.dueline.v1.GetJobResponse;
import dev.dueline.v1.Job;
import dev.dueline.v1.ListJobsRequest;
import dev.dueline.v1.ListJobsResponse;
import io.smallrye.mutiny.Uni;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** GetJob and ListJobs. Reading a queue does not make it. */
final class Reading {
  private static final int DEFAULT_PAGE_SIZE = 100;

  /** Pages read at once. Each may take some ms of Redis, and megabytes here. */
  private static final int CONCURRENT_PAGES = 4;

  private final JobChecks checks;
  private final QueueDirectory directory;
  private final JobStore store;
  private final ShardedList list;
  private final FairTurns turns = new FairTurns(CONCURRENT_PAGES);

  Reading(JobChecks checks, QueueDirectory directory, JobStore store) {
    this.checks = checks;
    this.directory = directory;
    this.store = store;
    this.list = new ShardedList(store);
  }

  Uni<GetJobResponse> getJob(GetJobRequest request) {
    checks.getJob(request);
    QueueName queue = new QueueName(request.getQueue());
    JobId id = new JobId(request.getJobId());
    return directory
        .find(queue)
        .chain(found -> read(queue, found, id))
        .map(
            job -> {
              if (job.isEmpty()) {
                throw new RefusedException(GrpcFailures.jobNotFound(queue, id));
              }
              return GetJobResponse.newBuilder().setJob(job.get()).build();
            });
  }

  Uni<ListJobsResponse> listJobs(ListJobsRequest request) {
    checks.listJobs(request);
    Position after = after(request);
    return directory
        .find(new QueueName(request.getQueue()))
        .chain(
            found ->
                found.isEmpty()
                    ? Uni.createFrom().item(ListJobsResponse.getDefaultInstance())
                    : turns.take(
                        Caller.current().name(),
                        () ->
                            list.page(found.get(), query(request, after))
                                .map(page -> response(request, page))));
  }

  private Uni<Optional<Job>> read(QueueName queue, Optional<QueueLayout> layout, JobId id) {
    return layout.isEmpty()
        ? Uni.createFrom().item(Optional.empty())
        : store
            .read(layout.get().shardOf(id), id)
            .map(
                found ->
                    found.map(
                        view ->
                            RecurrenceMapping.withNextDueTimes(JobMapping.job(queue, view), view)));
  }

  private static @Nullable Position after(ListJobsRequest request) {
    if (request.getPageToken().isEmpty()) {
      return null;
    }
    Optional<Position> after = PageToken.decode(request, request.getPageToken());
    Violations violations = new Violations();
    violations.require(
        after.isPresent(),
        "page_token",
        "must be the next_page_token of this list: same queue, state, start_time and end_time");
    violations.throwIfAny();
    return after.get();
  }

  private static ListQuery query(ListJobsRequest request, @Nullable Position after) {
    return new ListQuery(
        JobMapping.state(request.getState()),
        Times.roundUpToMs(request.getStartTime()),
        request.hasEndTime() ? Times.roundUpToMs(request.getEndTime()) : Long.MAX_VALUE,
        after,
        request.getPageSize() == 0 ? DEFAULT_PAGE_SIZE : request.getPageSize(),
        request.getIncludePayload());
  }

  private static ListJobsResponse response(ListJobsRequest request, ShardedList.Page page) {
    ListJobsResponse.Builder response = ListJobsResponse.newBuilder().addAllJobs(page.jobs());
    if (page.end() != null) {
      response.setNextPageToken(PageToken.encode(request, page.end()));
    }
    return response.build();
  }
}
