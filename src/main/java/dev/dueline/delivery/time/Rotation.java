package dev.dueline.delivery.time;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Gives members their turns, the one whose last was the longest ago first. However many there are,
 * turns come at a rate that is set, so that they cost the same; only those who cannot wait are
 * called faster, in bursts. Where more wait than may have turns, these come several at a time: a
 * call that is sent along with others costs a fraction of one that wakes everybody for itself. They
 * come on the beat of the loop's clock, so that those of several rotations go along. Whoever had a
 * turn is out until it asks for the next. On the loop.
 */
public final class Rotation<T> {
  /** Turns in a burst, of those who cannot wait. */
  private static final int BURST = 50;

  /** Between bursts: 1,000 turns a second. */
  private static final Duration BETWEEN_BURSTS = Duration.ofMillis(50);

  /** Of turns that come together, those of so much time. */
  private static final Duration TOGETHER = Duration.ofMillis(200);

  private final EventLoop loop;
  private final long gapNanos;
  private final int together;
  private final Consumer<T> turn;
  private final Alarm alarm;

  /** Each with the earliest time of its turn, by the loop's clock. */
  private final Map<T, Long> waiting = new LinkedHashMap<>();

  private final Set<T> hurried = new LinkedHashSet<>();
  private long freeNanos;
  private long burstNanos;
  private long armedNanos;
  private boolean isArmed;

  /**
   * No members yet.
   *
   * @param perSecond turns of those who can wait
   * @param turn what a turn is
   */
  public Rotation(EventLoop loop, int perSecond, Consumer<T> turn) {
    this.loop = loop;
    this.gapNanos = Duration.ofSeconds(1).toNanos() / perSecond;
    this.together = (int) Math.max(1, TOGETHER.toNanos() / gapNanos);
    this.turn = turn;
    this.alarm = new Alarm(loop);
    this.freeNanos = loop.nanoTime();
    this.burstNanos = freeNanos;
  }

  /** The next turn of a member comes after a pause, and behind those who wait already. */
  public void later(T member, Duration pause) {
    hurried.remove(member);
    waiting.remove(member);
    waiting.put(member, loop.nanoTime() + pause.toNanos());
    arm();
  }

  /** The next turn of a member comes at once, or behind others who cannot wait either. */
  public void soon(T member) {
    waiting.remove(member);
    hurried.add(member);
    arm();
  }

  /** A member has no more turns. */
  public void remove(T member) {
    hurried.remove(member);
    waiting.remove(member);
  }

  /** Those who wait for a turn, in no order. */
  public List<T> members() {
    List<T> all = new ArrayList<>(hurried);
    all.addAll(waiting.keySet());
    return all;
  }

  /** How long it is between two turns of a member that asks for each with this pause, at most. */
  public Duration period(Duration pause) {
    return pause.plusNanos(gapNanos * (waiting.size() + hurried.size() + together - 1));
  }

  private void arm() {
    if (!hurried.isEmpty()) {
      arm(burstNanos);
    } else if (!waiting.isEmpty()) {
      long first = waiting.values().iterator().next();
      arm(first - freeNanos > 0 ? first : freeNanos);
    }
  }

  /** An alarm that is too early does no harm, and changing it for each turn would cost. */
  private void arm(long nanos) {
    if (!isArmed || nanos - armedNanos < 0) {
      isArmed = true;
      armedNanos = nanos;
      alarm.set(Duration.ofNanos(Math.max(0, nanos - loop.nanoTime())), this::ring);
    }
  }

  private void ring() {
    isArmed = false;
    long now = loop.nanoTime();
    if (!hurried.isEmpty() && now - burstNanos >= 0) {
      burstNanos = now + BETWEEN_BURSTS.toNanos();
      take(hurried.iterator(), BURST).forEach(turn);
    }
    if (!waiting.isEmpty() && now - freeNanos >= 0) {
      takeRipe(now);
    }
    arm();
  }

  /** Gives those whose time has come their turns, as many as may have them together. */
  private void takeRipe(long now) {
    int taken = 0;
    while (taken < together && !waiting.isEmpty()) {
      Map.Entry<T, Long> first = waiting.entrySet().iterator().next();
      if (now - first.getValue() < 0) {
        break;
      }
      waiting.remove(first.getKey());
      taken++;
      turn.accept(first.getKey());
    }
    freeNanos = taken < together ? now + taken * gapNanos : nextBeat(now);
  }

  /**
   * As long after all turns that come together as they take. Whoever is off the beat comes nearer
   * by one turn each time, so that hardly more have turns than may, and nobody has his later.
   */
  private long nextBeat(long now) {
    long beatNanos = together * gapNanos;
    return now + beatNanos - Math.min(gapNanos, Math.floorMod(now, beatNanos));
  }

  private static <T> List<T> take(Iterator<T> from, int most) {
    List<T> taken = new ArrayList<>();
    while (from.hasNext() && taken.size() < most) {
      taken.add(from.next());
      from.remove();
    }
    return taken;
  }
}
