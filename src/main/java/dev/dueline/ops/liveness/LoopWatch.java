package dev.dueline.ops.liveness;

import java.util.Arrays;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Has each loop say that it turns, tick by tick, and tells which have not for too many of them. A
 * loop that was once watched is watched for good. Ticks come from one thread; who is stuck can be
 * asked by any.
 */
final class LoopWatch {
  private static final Logger LOG = Logger.getLogger("dev.dueline");

  /** Of the stack of a loop that is stuck: enough to know whose code it is. */
  private static final int FRAMES = 8;

  private final Supplier<Map<Executor, String>> loops;
  private final int limit;
  private final Map<Executor, Heartbeat> known = new IdentityHashMap<>();

  /** Those that the log has named as stuck. */
  private final Set<Heartbeat> named = new HashSet<>();

  private final List<Heartbeat> heartbeats = new CopyOnWriteArrayList<>();

  /**
   * @param loops those to watch from the next tick on, and the names of their threads; asked at
   *     each tick
   * @param limit ticks without a turn, from which on a loop is stuck
   */
  LoopWatch(Supplier<Map<Executor, String>> loops, int limit) {
    this.loops = loops;
    this.limit = limit;
  }

  void tick() {
    loops.get().forEach(this::add);
    for (Heartbeat heartbeat : heartbeats) {
      heartbeat.tick();
      boolean isStuck = heartbeat.missed() >= limit;
      if (isStuck && named.add(heartbeat)) {
        LOG.warn(stuck(heartbeat));
      } else if (!isStuck && named.remove(heartbeat)) {
        LOG.infof("The loop %s turns again", heartbeat.name());
      }
    }
  }

  private void add(Executor loop, String name) {
    known.computeIfAbsent(
        loop,
        added -> {
          Heartbeat heartbeat = new Heartbeat(name, added);
          heartbeats.add(heartbeat);
          return heartbeat;
        });
  }

  private static String stuck(Heartbeat heartbeat) {
    return "The loop %s has not turned for %d s, so this replica does not live: %s"
        .formatted(heartbeat.name(), heartbeat.missed(), stack(heartbeat.name()));
  }

  /** Where a thread is, innermost first. */
  private static String stack(String thread) {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(each -> each.getKey().getName().equals(thread))
        .findAny()
        .map(
            found ->
                Arrays.stream(found.getValue())
                    .limit(FRAMES)
                    .map(StackTraceElement::toString)
                    .collect(Collectors.joining(" < ")))
        .orElse("its thread has ended");
  }

  /** Loops that have not turned for too long, and for how many ticks. */
  Map<String, Integer> stuck() {
    return heartbeats.stream()
        .filter(heartbeat -> heartbeat.missed() >= limit)
        .collect(Collectors.toMap(Heartbeat::name, Heartbeat::missed, Math::max));
  }
}
