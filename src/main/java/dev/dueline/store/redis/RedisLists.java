package dev.dueline.store.redis;

import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.JobView;
import dev.dueline.job.Shard;
import dev.dueline.store.call.JobPage;
import dev.dueline.store.call.JobPage.Position;
import dev.dueline.store.call.ListQuery;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.ScriptRunner;
import dev.dueline.store.redis.script.job.ListCall;
import dev.dueline.store.redis.script.job.ListCall.Place;
import dev.dueline.store.redis.script.job.ReadCall;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads jobs, and pages of them: first their places in an index, then their records, in calls of
 * bounded size. A job that moves between the two is left out of the page.
 */
final class RedisLists {
  /** Index entries in one call: about a millisecond of Redis's time. */
  private static final int LOOKED_THROUGH = 500;

  /** Entries that are looked through behind ids that nobody can read: there the list ends. */
  private static final int MOST_LEFT_OUT = 16 * LOOKED_THROUGH;

  /** Of records that are read for what they say beside their payloads: some ms of Redis's time. */
  private static final int READ_BYTES = 4 * Reply.MAX_RECORD_BYTES;

  private final ScriptRunner scripts;

  RedisLists(ScriptRunner scripts) {
    this.scripts = scripts;
  }

  /** Reads one job, payload included. */
  Uni<ReadCall.Read> find(Shard shard, JobId id) {
    return read(shard, List.of(id), true);
  }

  private Uni<ReadCall.Read> read(Shard shard, List<JobId> ids, boolean withPayload) {
    int most = withPayload ? Reply.MAX_RECORD_BYTES : READ_BYTES;
    return scripts.run(new ReadCall(shard, withPayload, most, ids));
  }

  /** A page of pending or dead jobs, whose index is in the order of the list. */
  Uni<JobPage> indexPage(Shard shard, ListQuery query) {
    return places(shard, query, query.after(), query.size() + 1)
        .chain(found -> page(shard, query, found.stream().map(Place::position).toList()));
  }

  /**
   * A page of leased jobs. Their index is in order of lease expiry, so all of it is looked through
   * for the jobs that come first; it holds no more than all watchers' credit.
   */
  Uni<JobPage> leasedPage(Shard shard, ListQuery query) {
    return collect(shard, query, null, new TreeSet<>())
        .chain(first -> page(shard, query, List.copyOf(first)));
  }

  private Uni<TreeSet<Position>> collect(
      Shard shard, ListQuery query, @Nullable Position from, TreeSet<Position> first) {
    ListQuery all = new ListQuery(JobState.LEASED, 0, Long.MAX_VALUE, null, query.size(), false);
    return places(shard, all, from, LOOKED_THROUGH)
        .chain(
            found -> {
              for (Place place : found) {
                Position job = new Position(place.dueMs(), place.position().id());
                if (isWanted(query, job)) {
                  first.add(job);
                }
                if (first.size() > query.size() + 1) {
                  first.pollLast();
                }
              }
              return found.size() < LOOKED_THROUGH
                  ? Uni.createFrom().item(first)
                  : collect(shard, query, found.get(found.size() - 1).position(), first);
            });
  }

  private static boolean isWanted(ListQuery query, Position job) {
    return job.ms() >= query.fromMs()
        && job.ms() < query.toMs()
        && (query.after() == null || job.compareTo(query.after()) > 0);
  }

  /** Reads the jobs of one page; one place more than its size tells that there are more. */
  private Uni<JobPage> page(Shard shard, ListQuery query, List<Position> places) {
    if (places.isEmpty()) {
      return Uni.createFrom().item(new JobPage(List.of(), false));
    }
    List<JobId> ids = places.stream().limit(query.size()).map(Position::id).toList();
    return read(shard, ids, query.withPayload())
        .map(
            read -> {
              List<JobView> jobs =
                  read.jobs().stream()
                      .flatMap(Optional::stream)
                      .filter(view -> view.state() == query.state())
                      .toList();
              int looked = read.jobs().size();
              Position end = looked == 0 ? query.after() : places.get(looked - 1);
              return new JobPage(jobs, looked < places.size(), end);
            });
  }

  private Uni<List<Place>> places(
      Shard shard, ListQuery query, @Nullable Position after, int most) {
    return places(shard, query, after, most, most);
  }

  /** Fewer than wanted only at the end: where ids are left out, it looks through more. */
  private Uni<List<Place>> places(
      Shard shard, ListQuery query, @Nullable Position after, int wanted, int most) {
    return scripts
        .run(ListCall.of(shard, query, after, most))
        .chain(
            found ->
                found.isFull() && found.places().size() < wanted && most < MOST_LEFT_OUT
                    ? places(shard, query, after, wanted, 2 * most)
                    : Uni.createFrom().item(found.places().stream().limit(wanted).toList()));
  }
}
