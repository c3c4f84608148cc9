package dev.dueline.store;

import dev.dueline.store.call.JobPage;
import dev.dueline.store.call.JobPage.Position;
import dev.dueline.store.call.ListQuery;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Pages of the model's jobs. */
final class ModelList {
  private ModelList() {}

  static JobPage page(Collection<ModelJob> jobs, ListQuery query) {
    List<ModelJob> found =
        jobs.stream()
            .filter(job -> job.state == query.state() && isWanted(query, position(job)))
            .sorted(Comparator.comparing(ModelList::position))
            .toList();
    List<ModelJob> page = new ArrayList<>();
    long room = ModelShard.MAX_BYTES;
    for (ModelJob job : found) {
      long size = job.size(query.withPayload());
      if (page.size() == query.size() || (!page.isEmpty() && size > room)) {
        break;
      }
      room -= size;
      page.add(job);
    }
    return new JobPage(
        page.stream().map(job -> job.view(query.withPayload())).toList(),
        page.size() < found.size());
  }

  private static Position position(ModelJob job) {
    return Position.of(job.view(false));
  }

  private static boolean isWanted(ListQuery query, Position job) {
    return job.ms() >= query.fromMs()
        && job.ms() < query.toMs()
        && (query.after() == null || job.compareTo(query.after()) > 0);
  }
}
