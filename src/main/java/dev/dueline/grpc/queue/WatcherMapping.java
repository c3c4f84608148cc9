package dev.dueline.grpc.queue;

import dev.dueline.access.QueuePatterns;
import dev.dueline.delivery.news.WatcherSurvey.Found;
import dev.dueline.delivery.news.WatcherSurvey.Page;
import dev.dueline.delivery.news.WatcherSurvey.Place;
import dev.dueline.grpc.message.Times;
import dev.dueline.job.QueueName;
import dev.dueline.operation.queue.QueuePlace;
import dev.dueline.store.news.WatcherState;
import dev.dueline.v1.ListWatchersResponse;
import dev.dueline.v1.Watcher;
import java.util.Optional;
import java.util.regex.Pattern;

/** Watchers of the wire and of the domain. */
final class WatcherMapping {
  private static final Pattern REPLICA = Pattern.compile("[0-9a-f]{1,16}");

  private WatcherMapping() {}

  /**
   * A page of the watchers of a queue.
   *
   * @param visible the queues that the caller may read
   * @param nowMs the time now, since the epoch
   */
  static ListWatchersResponse page(String queue, Page page, QueuePatterns visible, long nowMs) {
    ListWatchersResponse.Builder response = ListWatchersResponse.newBuilder();
    page.watchers().forEach(found -> response.addWatchers(watcher(found, visible, nowMs)));
    page.unanswered().forEach(each -> response.addUnansweredReplicas(Long.toHexString(each)));
    page.next().ifPresent(next -> response.setNextPageToken(encode(queue, next)));
    return response.build();
  }

  private static Watcher watcher(Found found, QueuePatterns visible, long nowMs) {
    WatcherState state = found.watcher();
    Watcher.Builder watcher =
        Watcher.newBuilder()
            .setWatcherId(state.name())
            .setReplica(Long.toHexString(found.replica()))
            .setConnectTime(Times.ofMs(nowMs - state.sinceMs()))
            .setMaxOutstandingJobs(state.maxOutstanding())
            .setOutstandingJobs(state.outstanding())
            .setCredit(state.credit())
            .setPassedOver(state.isPassedOver())
            .setLeaving(state.isLeaving());
    state.queues().stream().map(QueueName::value).filter(visible::fit).forEach(watcher::addQueues);
    if (state.actedMs() >= 0) {
      watcher.setLastActTime(Times.ofMs(nowMs - state.actedMs()));
    }
    return watcher.build();
  }

  private static String encode(String queue, Place next) {
    return QueuePageToken.encode(
        queue, new QueuePlace(Long.toHexString(next.replica()), next.number()));
  }

  /** The place that a token of a list says; empty if it is not a token of the list. */
  static Optional<Place> decode(String queue, String token) {
    return QueuePageToken.decode(queue, token)
        .filter(place -> REPLICA.matcher(place.after()).matches())
        .map(place -> new Place(Long.parseUnsignedLong(place.after(), 16), place.skip()));
  }
}
