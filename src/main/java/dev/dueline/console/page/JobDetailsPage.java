package dev.dueline.console.page;

import dev.dueline.console.http.Answer;
import dev.dueline.console.http.Endpoint;
import dev.dueline.console.http.RefusedException;
import dev.dueline.console.http.Request;
import dev.dueline.console.input.Targets;
import dev.dueline.console.render.Pages;
import dev.dueline.console.render.Pages.Subject;
import dev.dueline.console.text.Moment;
import dev.dueline.console.text.Spans;
import dev.dueline.console.text.Urls;
import dev.dueline.console.view.JobDetails;
import dev.dueline.console.view.JobDetails.Attribute;
import dev.dueline.console.view.JobDetails.FirstFailure;
import dev.dueline.console.view.JobDetails.Policy;
import dev.dueline.job.Failures;
import dev.dueline.job.JobId;
import dev.dueline.job.JobView;
import dev.dueline.job.QueueName;
import dev.dueline.job.RetryPolicy;
import dev.dueline.job.StoredJob;
import dev.dueline.operation.job.Jobs;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A job, with what it carries if the caller may see that. */
final class JobDetailsPage implements Endpoint {
  private final Pages pages;
  private final Jobs jobs;

  JobDetailsPage(Pages pages, Jobs jobs) {
    this.pages = pages;
    this.jobs = jobs;
  }

  @Override
  public Uni<Answer> answer(Request request) {
    QueueName queue = Targets.seen(request);
    JobId id = Targets.job(request.query());
    return pages.show(
        request,
        new Subject("job", id.value(), "jobs", queue.value()),
        pages.onWorker(find(queue, id)).map(found -> view(request, queue.value(), found)));
  }

  /** The bytes that a job carries, as a file. */
  Uni<Answer> payload(Request request) {
    QueueName queue = Targets.seen(request);
    JobId id = Targets.job(request.query());
    if (!request.caller().maySeePayloads(queue.value())) {
      throw new RefusedException(
          403, "You may not see what jobs of " + queue + " carry.", "It needs 'payloads'.");
    }
    return find(queue, id)
        .map(
            found ->
                Answer.of(200, "application/octet-stream", Buffer.buffer(found.job().payload()))
                    .with("Content-Disposition", "attachment; filename=\"payload\""));
  }

  private Uni<JobView> find(QueueName queue, JobId id) {
    return jobs.find(queue, id)
        .map(
            found ->
                found.orElseThrow(
                    () ->
                        new RefusedException(
                            404,
                            "There is no job " + id + " in " + queue + ".",
                            "It may be done: jobs that are acknowledged are gone.")));
  }

  private static JobDetails view(Request request, String queue, JobView found) {
    StoredJob job = found.job();
    long nowMs = request.nowMs();
    boolean showsPayload = request.caller().maySeePayloads(queue);
    List<Attribute> attributes =
        job.attributes().entrySet().stream()
            .map(each -> new Attribute(each.getKey(), each.getValue()))
            .toList();
    return new JobDetails(
        queue,
        Targets.rights(request.caller(), queue),
        Rows.of(queue, found, nowMs),
        Moment.of(job.createMs(), nowMs),
        job.ttlMs() == 0 ? "" : Spans.text(job.ttlMs()),
        firstFailure(found.failures(), nowMs),
        policy(job),
        showsPayload ? attributes : List.of(),
        job.series() == null ? null : Recurrences.of(job.series(), found, nowMs),
        showsPayload
            ? PayloadText.of(
                job.payload(), Urls.of("/job/payload", "queue", queue, "id", job.id().value()))
            : null);
  }

  private static @Nullable FirstFailure firstFailure(Failures failures, long nowMs) {
    return failures.hasFirst()
        ? new FirstFailure(failures.first(), Moment.of(failures.firstMs(), nowMs))
        : null;
  }

  private static Policy policy(StoredJob job) {
    RetryPolicy policy = job.effectiveRetryPolicy();
    return new Policy(
        policy.maxAttempts(),
        Spans.text(policy.initialBackoffMs()),
        Spans.text(policy.maxBackoffMs()),
        BigDecimal.valueOf(policy.multiplier()).stripTrailingZeros().toPlainString(),
        Math.round(policy.jitter() * 100) + " %",
        job.retryPolicy() == null);
  }
}
