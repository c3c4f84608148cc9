package dev.dueline.store.redis.news;

import dev.dueline.job.QueueName;
import dev.dueline.job.lease.LeaseToken;
import dev.dueline.store.news.LeaseEnd;
import dev.dueline.store.news.WatchToken;
import dev.dueline.store.news.WatcherNews;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
 *   look QUEUE AFTER MOST ASKER QUESTION
 *   listed QUESTION HAS_MORE WATCHER WATCHER ...        each as {@link WatcherStateText} has it
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
    return answer(news);
  }

  private static String answer(WatcherNews news) {
    if (news instanceof WatcherNews.Stopped stopped) {
      return "stopped " + stopped.question() + " " + stopped.isStopping();
    } else if (news instanceof WatcherNews.Look look) {
      return "look %s %d %d %d %d"
          .formatted(look.queue(), look.after(), look.most(), look.asker(), look.question());
    }
    WatcherNews.Listed listed = (WatcherNews.Listed) news;
    return Stream.concat(
            Stream.of("listed", Long.toString(listed.question()), "" + listed.hasMore()),
            listed.watchers().stream().map(WatcherStateText::of))
        .collect(Collectors.joining(" "));
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
        case "look" -> Optional.of(look(words));
        case "listed" -> Optional.of(listed(words));
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

  private static WatcherNews look(String[] words) {
    return new WatcherNews.Look(
        new QueueName(words[1]),
        Integer.parseInt(words[2]),
        Integer.parseInt(words[3]),
        Long.parseLong(words[4]),
        Long.parseLong(words[5]));
  }

  private static WatcherNews listed(String[] words) {
    return new WatcherNews.Listed(
        Long.parseLong(words[1]),
        Arrays.stream(words).skip(3).map(WatcherStateText::read).toList(),
        Boolean.parseBoolean(words[2]));
  }

  private static Optional<LeaseToken> lease(String text) {
    return LeaseToken.decode(text);
  }
}
