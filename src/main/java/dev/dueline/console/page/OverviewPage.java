package dev.dueline.console.page;

import dev.dueline.console.http.Answer;
import dev.dueline.console.http.Caller;
import dev.dueline.console.http.Endpoint;
import dev.dueline.console.http.Request;
import dev.dueline.console.live.ReplicaFacts;
import dev.dueline.console.live.Sampler;
import dev.dueline.console.live.Samples;
import dev.dueline.console.live.Samples.Sample;
import dev.dueline.console.render.Pages;
import dev.dueline.console.render.Pages.Subject;
import dev.dueline.console.text.Moment;
import dev.dueline.console.text.Urls;
import dev.dueline.console.view.OverviewView;
import dev.dueline.console.view.Problem;
import io.smallrye.mutiny.Uni;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** All queues, what is wrong with them first; of the last sample. */
final class OverviewPage implements Endpoint {
  private static final int SIZE = 100;

  /** Beyond it the list of what is wrong would hide the queues. */
  private static final int MAX_PROBLEMS = 20;

  private final Pages pages;
  private final Sampler sampler;
  private final ReplicaFacts replica;
  private final ServiceDiagnosis service;

  OverviewPage(Pages pages, Sampler sampler, ReplicaFacts replica) {
    this.pages = pages;
    this.sampler = sampler;
    this.replica = replica;
    this.service = new ServiceDiagnosis(replica);
  }

  @Override
  public Uni<Answer> answer(Request request) {
    return pages.show(
        request,
        new Subject("overview", "Overview", "overview", ""),
        pages.onWorker(sampler.look()).map(samples -> view(request, samples)));
  }

  private OverviewView view(Request request, Samples samples) {
    Caller caller = request.caller();
    String prefix = request.query().get("prefix");
    String after = request.query().get("after");
    List<Sample> visible =
        samples.queues().entrySet().stream()
            .filter(each -> caller.maySee(each.getKey()))
            .map(java.util.Map.Entry::getValue)
            .toList();
    List<Sample> page =
        visible.stream()
            .filter(each -> name(each).startsWith(prefix) && name(each).compareTo(after) > 0)
            .limit(SIZE + 1)
            .toList();
    boolean hasMore = page.size() > SIZE;
    return new OverviewView(
        problems(service.problems(samples, caller, request.nowMs()), visible),
        Rows.totals(visible),
        page.stream().limit(SIZE).map(each -> Rows.of(each, replica.lateness(name(each)))).toList(),
        prefix,
        hasMore ? Urls.of("/", "prefix", prefix, "after", name(page.get(SIZE - 1))) : null,
        Moment.of(samples.atMs(), request.nowMs()),
        samples.isPartial());
  }

  /** What stands still comes first, and of that what is wrong with all queues. */
  private static List<Problem> problems(List<Problem> ofService, List<Sample> queues) {
    Stream<Problem> ofQueues =
        queues.stream()
            .map(Diagnosis::new)
            .sorted(Comparator.comparingLong(Diagnosis::overdueMs).reversed())
            .flatMap(diagnosis -> diagnosis.problems().stream());
    return Stream.concat(ofService.stream(), ofQueues)
        .sorted(Comparator.comparing(Problem::isSevere).reversed())
        .limit(MAX_PROBLEMS)
        .toList();
  }

  private static String name(Sample sample) {
    return sample.view().layout().queue().value();
  }
}
