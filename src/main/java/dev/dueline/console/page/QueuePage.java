package dev.dueline.console.page;

import dev.dueline.console.http.Answer;
import dev.dueline.console.http.Endpoint;
import dev.dueline.console.http.Request;
import dev.dueline.console.input.Targets;
import dev.dueline.console.live.ReplicaFacts;
import dev.dueline.console.live.Sampler;
import dev.dueline.console.live.Samples.Sample;
import dev.dueline.console.render.Pages;
import dev.dueline.console.render.Pages.Subject;
import dev.dueline.console.text.Spans;
import dev.dueline.console.text.Urls;
import dev.dueline.console.view.QueueDetails;
import dev.dueline.console.view.QueueDetails.Limits;
import dev.dueline.console.view.QueueDetails.PurgeProgress;
import dev.dueline.console.view.QueueDetails.WatcherRow;
import dev.dueline.delivery.news.WatcherSurvey;
import dev.dueline.delivery.news.WatcherSurvey.Found;
import dev.dueline.job.QueueLimits;
import dev.dueline.job.QueueName;
import dev.dueline.operation.queue.QueueOperations;
import dev.dueline.operation.queue.QueueView;
import dev.dueline.store.news.WatcherState;
import dev.dueline.store.queue.ShardStats;
import dev.dueline.store.queue.ShardStats.Totals;
import io.smallrye.mutiny.Uni;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A queue: what falls due, how it stands now, its limits, and who watches it. */
final class QueuePage implements Endpoint {
  private static final int WATCHERS = 50;

  private final Pages pages;
  private final QueueOperations operations;
  private final Sampler sampler;
  private final ReplicaFacts replica;
  private final Function<QueueName, Optional<PurgeProgress>> purges;

  /**
   * The page.
   *
   * @param replica that serves it
   * @param purges how far the purge of a queue is that was begun here
   */
  QueuePage(
      Pages pages,
      QueueOperations operations,
      Sampler sampler,
      ReplicaFacts replica,
      Function<QueueName, Optional<PurgeProgress>> purges) {
    this.pages = pages;
    this.operations = operations;
    this.sampler = sampler;
    this.replica = replica;
    this.purges = purges;
  }

  @Override
  public Uni<Answer> answer(Request request) {
    QueueName queue = Targets.seen(request);
    Timeline timeline = Timeline.of(request.query(), request.nowMs());
    Uni<Look> look =
        Uni.combine()
            .all()
            .unis(
                operations.queues().find(queue),
                timeline.counts(operations.count(), queue),
                operations.watchers().page(queue, WatcherSurvey.Place.START, WATCHERS))
            .with((found, counts, watchers) -> new Look(sample(found), counts, watchers));
    return pages.show(
        request,
        new Subject("queue", queue.value(), "", queue.value()),
        pages.onWorker(look).map(seen -> view(request, timeline, seen)));
  }

  /** The last hour as JSON. */
  Uni<Answer> history(Request request) {
    QueueName queue = Targets.seen(request);
    var unused = sampler.latest();
    return Uni.createFrom()
        .item(() -> Answer.json(sampler.history().json(queue.value(), request.nowMs())));
  }

  /** With an earlier look, which rates need, if there is one: the page does not wait for it. */
  private Sample sample(QueueView found) {
    String queue = found.layout().queue().value();
    return sampler
        .latest()
        .map(samples -> samples.queues().get(queue))
        .map(sampled -> sampled.now(found))
        .orElseGet(() -> Sample.first(found, 0));
  }

  /** What was asked for one page. */
  private record Look(Sample sample, List<Long> counts, WatcherSurvey.Page watchers) {}

  private QueueDetails view(Request request, Timeline timeline, Look look) {
    QueueView found = look.sample.view();
    QueueName queue = found.layout().queue();
    String name = queue.value();
    return new QueueDetails(
        Rows.of(look.sample, replica.lateness(name)),
        Targets.rights(request.caller(), name),
        new Diagnosis(look.sample).problems(),
        timeline.ranges(name),
        timeline.bars(name, look.counts, request.nowMs()),
        Urls.of("/history", "queue", name),
        look.counts.get(0),
        limits(found.limits()),
        totals(found),
        found.shards().size(),
        found.streamKeys(),
        look.watchers.watchers().stream().map(QueuePage::row).toList(),
        look.watchers.unanswered().stream().map(Long::toHexString).toList(),
        look.watchers.next().isPresent(),
        purges.apply(queue).orElse(null));
  }

  private static Limits limits(QueueLimits limits) {
    return new Limits(
        BigDecimal.valueOf(limits.dispatchesPerSecond()).stripTrailingZeros().toPlainString(),
        limits.maxOutstanding(),
        limits.maxPending());
  }

  private static QueueDetails.Totals totals(QueueView view) {
    return new QueueDetails.Totals(
        view.total(Totals::scheduled),
        view.total(Totals::dispatched),
        view.total(Totals::acked),
        view.total(Totals::retried),
        view.total(Totals::died),
        view.total(Totals::canceled),
        view.total(Totals::expired),
        view.sum(ShardStats::droppedDead));
  }

  private static WatcherRow row(Found found) {
    WatcherState watcher = found.watcher();
    return new WatcherRow(
        watcher.name(),
        Long.toHexString(found.replica()),
        watcher.number(),
        Spans.text(watcher.sinceMs()),
        watcher.actedMs() < 0 ? "" : Spans.text(watcher.actedMs()),
        watcher.credit(),
        watcher.outstanding(),
        watcher.maxOutstanding(),
        watcher.isPassedOver(),
        watcher.isLeaving());
  }
}
