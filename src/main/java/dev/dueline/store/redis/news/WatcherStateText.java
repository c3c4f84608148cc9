package dev.dueline.store.redis.news;

import dev.dueline.job.QueueName;
import dev.dueline.store.news.WatcherState;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a watcher stands as one word, of parts between commas; what a later version adds comes behind
 * the queues, behind a semicolon.
 *
 * <pre>
 *   NUMBER,NAME,SINCE_MS,ACTED_MS,MAX,OUTSTANDING,CREDIT,IS_PASSED_OVER,IS_LEAVING,QUEUE,QUEUE,...
 * </pre>
 *
 * The name is in URL-safe base64.
 */
final class WatcherStateText {
  private static final int FIRST_QUEUE = 9;

  private WatcherStateText() {}

  static String of(WatcherState state) {
    byte[] name = state.name().getBytes(StandardCharsets.UTF_8);
    Stream<Object> parts =
        Stream.of(
            state.number(),
            Base64.getUrlEncoder().withoutPadding().encodeToString(name),
            state.sinceMs(),
            state.actedMs(),
            state.maxOutstanding(),
            state.outstanding(),
            state.credit(),
            state.isPassedOver(),
            state.isLeaving());
    return Stream.concat(parts, state.queues().stream())
        .map(Object::toString)
        .collect(Collectors.joining(","));
  }

  /** Throws {@link RuntimeException} of some kind if it is not such a word. */
  static WatcherState read(String word) {
    String[] parts = word.split(";", 2)[0].split(",", -1);
    return new WatcherState(
        Integer.parseInt(parts[0]),
        new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8),
        Long.parseLong(parts[2]),
        Long.parseLong(parts[3]),
        Arrays.stream(parts).skip(FIRST_QUEUE).map(QueueName::new).toList(),
        Integer.parseInt(parts[4]),
        Integer.parseInt(parts[5]),
        Integer.parseInt(parts[6]),
        Boolean.parseBoolean(parts[7]),
        Boolean.parseBoolean(parts[8]));
  }
}
