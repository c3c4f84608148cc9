package dev.dueline.store.redis.news;

import dev.dueline.job.LeaseToken;
import dev.dueline.store.news.LeaseEnd;
import dev.dueline.store.news.WatchToken;
import dev.dueline.store.news.WatcherNews;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * News of watchers as text, a line each; words are apart by one space, and tokens have none. What a
 * replica cannot read it passes over, so that two versions can run side by side.
 *
 * <pre>
 *   LEASE                                a lease is over
 *   over EXPIRED LEASE                   how; the lease follows as above, for earlier versions
 *   extended MS LEASE
 *   stop TIMEOUT_MS ASKER QUESTION WATCH
 *   stopped QUESTION IS_STOPPING
 * </pre>
 */
final class WatcherNewsText {
  private WatcherNewsText() {}

  static String of(List<WatcherNews> news) {
    return String.join("\n", news.stream().map(WatcherNewsText::line).toList());
  }

  private static String line(WatcherNews news) {
    if (news instanceof WatcherNews.Ended ended) {
      String lease = ended.lease().encode();
      return ended.how() == LeaseEnd.SETTLED
          ? lease
          : "over " + ended.how() + " " + lease + "\n" + lease;
    } else if (news instanceof WatcherNews.Extended extended) {
      return "extended " + extended.leaseMs() + " " + extended.lease().encode();
    } else if (news instanceof WatcherNews.Stop stop) {
      return String.join(
          " ",
          "stop",
          Long.toString(stop.timeoutMs()),
          Long.toString(stop.asker()),
          Long.toString(stop.question()),
          stop.watch().encode());
    }
    WatcherNews.Stopped stopped = (WatcherNews.Stopped) news;
    return "stopped " + stopped.question() + " " + stopped.isStopping();
  }

  static List<WatcherNews> read(String text) {
    List<WatcherNews> news = new ArrayList<>();
    String told = "";
    for (String line : text.lines().toList()) {
      String[] words = line.split(" ", -1);
      if (!line.equals(told)) {
        read(words).ifPresent(news::add);
      }
      told = words[0].equals("over") ? words[words.length - 1] : "";
    }
    return news;
  }

  private static Optional<WatcherNews> read(String[] words) {
    try {
      return switch (words[0]) {
        case "over" ->
            lease(words[2]).map(lease -> new WatcherNews.Ended(lease, LeaseEnd.valueOf(words[1])));
        case "extended" ->
            lease(words[2]).map(lease -> new WatcherNews.Extended(lease, Long.parseLong(words[1])));
        case "stop" -> WatchToken.decode(words[4]).map(watch -> stop(watch, words));
        case "stopped" ->
            Optional.of(
                new WatcherNews.Stopped(Long.parseLong(words[1]), Boolean.parseBoolean(words[2])));
        default -> lease(words[0]).map(lease -> new WatcherNews.Ended(lease, LeaseEnd.SETTLED));
      };
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  private static WatcherNews stop(WatchToken watch, String[] words) {
    return new WatcherNews.Stop(
        watch, Long.parseLong(words[1]), Long.parseLong(words[2]), Long.parseLong(words[3]));
  }

  private static Optional<LeaseToken> lease(String text) {
    return LeaseToken.decode(text);
  }
}
