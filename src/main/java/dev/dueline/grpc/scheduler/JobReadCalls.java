package dev.dueline.grpc.scheduler;

import dev.dueline.grpc.call.Caller;
import dev.dueline.grpc.failure.JobFailures;
import dev.dueline.grpc.failure.RefusedException;
import dev.dueline.grpc.message.FieldChecks;
import dev.dueline.grpc.message.JobStates;
import dev.dueline.grpc.message.MessageBytes;
import dev.dueline.grpc.message.PageSize;
import dev.dueline.grpc.message.Times;
import dev.dueline.job.JobId;
import dev.dueline.job.JobView;
import dev.dueline.job.QueueName;
import dev.dueline.operation.job.Jobs;
import dev.dueline.store.call.JobPage;
import dev.dueline.store.call.JobPage.Position;
import dev.dueline.store.call.ListQuery;
import dev.dueline.v1.GetJobRequest;
import dev.dueline.v1.GetJobResponse;
import dev.dueline.v1.Job;
import dev.dueline.v1.ListJobsRequest;
import dev.dueline.v1.ListJobsResponse;
import io.smallrye.mutiny.Uni;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** GetJob and ListJobs. */
final class JobReadCalls {
  private final JobChecks checks;
  private final Jobs jobs;

  JobReadCalls(JobChecks checks, Jobs jobs) {
    this.checks = checks;
    this.jobs = jobs;
  }

  Uni<GetJobResponse> getJob(GetJobRequest request) {
    checks.getJob(request);
    QueueName queue = new QueueName(request.getQueue());
    JobId id = new JobId(request.getJobId());
    return jobs.find(queue, id)
        .map(
            found -> {
              JobView view =
                  found.orElseThrow(() -> new RefusedException(JobFailures.jobNotFound(queue, id)));
              Job job = RecurrenceMapping.withNextDueTimes(JobMapping.job(queue, view), view);
              return GetJobResponse.newBuilder().setJob(job).build();
            });
  }

  Uni<ListJobsResponse> listJobs(ListJobsRequest request) {
    checks.listJobs(request);
    QueueName queue = new QueueName(request.getQueue());
    return jobs.list(Caller.current().name(), queue, query(request, after(request)))
        .map(page -> response(request, queue, page));
  }

  private static @Nullable Position after(ListJobsRequest request) {
    if (request.getPageToken().isEmpty()) {
      return null;
    }
    Optional<Position> after = PageToken.decode(request, request.getPageToken());
    FieldChecks fields = new FieldChecks();
    fields.require(
        after.isPresent(),
        "page_token",
        "must be the next_page_token of this list: same queue, state, start_time and end_time");
    fields.throwIfAny();
    return after.get();
  }

  private static ListQuery query(ListJobsRequest request, @Nullable Position after) {
    return new ListQuery(
        JobStates.of(request.getState()),
        Times.roundUpToMs(request.getStartTime()),
        request.hasEndTime() ? Times.roundUpToMs(request.getEndTime()) : Long.MAX_VALUE,
        after,
        PageSize.of(request.getPageSize()),
        request.getIncludePayload());
  }

  /** As much of a page as fits into one message. */
  private static ListJobsResponse response(ListJobsRequest request, QueueName queue, JobPage page) {
    ListJobsResponse.Builder response = ListJobsResponse.newBuilder();
    long bytes = 0;
    for (JobView view : page.jobs()) {
      Job job = JobMapping.job(queue, view);
      bytes += MessageBytes.inList(job);
      if (bytes > MessageBytes.MAX_LIST && response.getJobsCount() > 0) {
        break;
      }
      response.addJobs(job);
    }
    int shown = response.getJobsCount();
    Position end = page.hasMore() ? page.end() : null;
    if (shown < page.jobs().size()) {
      end = Position.of(page.jobs().get(shown - 1));
    }
    if (end != null) {
      response.setNextPageToken(PageToken.encode(request, end));
    }
    return response.build();
  }
}
