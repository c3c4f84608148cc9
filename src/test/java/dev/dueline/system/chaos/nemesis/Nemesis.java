package dev.dueline.system.chaos.nemesis;

import dev.dueline.system.chaos.topology.Node;
import dev.dueline.system.chaos.topology.Topology;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** Makes things go wrong, one after the other, with time to recover in between. */
public final class Nemesis implements AutoCloseable {
  /** For Redis to be whole again. */
  private static final Duration RECOVERY = Duration.ofSeconds(180);

  /** How often Redis is asked whether it is reachable: the grain of resume times. */
  private static final Duration PROBE = Duration.ofMillis(5);

  /** How often a failover is looked for while all is quiet. */
  private static final long LOOK_MS = 200;

  private final Topology topology;
  private final Fleet fleet;
  private final String queue;
  private final Pause pause = new Pause();
  private final List<Strike> strikes = new ArrayList<>();

  /**
   * Of those servers and replicas.
   *
   * @param queue whose jobs tell whether a fault hit them
   */
  public Nemesis(Topology topology, Fleet fleet, String queue) {
    this.topology = topology;
    this.fleet = fleet;
    this.queue = queue;
  }

  /**
   * Follows the plan for that long, and until the last fault is over.
   *
   * @param leastQuietMs between two faults
   * @param mostQuietMs between two faults
   */
  public List<Strike> run(Plan plan, Duration time, long leastQuietMs, long mostQuietMs) {
    long endUs = nowUs() + time.toNanos() / 1_000;
    if (plan.isEmpty()) {
      pause.ms(time.toMillis());
      return List.of();
    }
    long epoch = topology.epoch();
    pause.ms(plan.quietMs(leastQuietMs, mostQuietMs));
    while (nowUs() < endUs) {
      Strike strike = strike(plan.next(), epoch);
      System.out.printf(
          "%s %s: reachable after %d ms, settled after %d ms%s %s%n",
          Instant.now().truncatedTo(ChronoUnit.SECONDS),
          strike.fault(),
          (strike.reachableUs() - strike.fromUs()) / 1_000,
          (strike.settledUs() - strike.fromUs()) / 1_000,
          strike.isFailover() ? ", failover" : "",
          strike.note());
      strikes.add(quiet(strike, plan.quietMs(leastQuietMs, mostQuietMs)));
      epoch = topology.epoch();
    }
    return List.copyOf(strikes);
  }

  /**
   * Begins and ends it.
   *
   * @param epoch before the quiet: a failover that came about in it, by itself, is this one's
   */
  private Strike strike(Fault fault, long epoch) {
    awaitTrue("Redis to be whole before " + fault, topology::isSettled);
    Node victim = topology.primary(fault.victim());
    long fromUs = nowUs();
    String note = "";
    switch (fault.kind()) {
      case REPLICA_KILL -> fleet.killOne(fault.victim());
      case REPLICA_STOP -> {
        Runnable resume = fleet.stopOne(fault.victim());
        pause.ms(fault.lastsMs());
        resume.run();
      }
      case ROLLING_RESTART -> fleet.restartAll();
      default -> note = strike(fault, victim);
    }
    awaitTrue("Redis to be reachable after " + fault, topology::isReachable);
    long reachableUs = awaitSettled("Redis to be whole after " + fault);
    long settledUs = nowUs();
    fleet.awaitDelivery(reachableUs);
    boolean isFailover = topology.epoch() != epoch;
    Predicate<String> hasHit = job -> topology.isOn(victim, queue, job);
    return new Strike(fault, fromUs, reachableUs, settledUs, isFailover, hasHit, note);
  }

  /** Gives when it was reachable for the last time anew: a failover may come after that. */
  private long awaitSettled(String what) {
    AtomicLong reachableUs = new AtomicLong(nowUs());
    AtomicLong epoch = new AtomicLong(topology.epoch());
    awaitTrue(
        what,
        () -> {
          long now = topology.epoch();
          if (now != epoch.get() && topology.isReachable()) {
            epoch.set(now);
            reachableUs.set(nowUs());
          }
          return topology.isSettled();
        });
    return reachableUs.get();
  }

  private String strike(Fault fault, Node victim) {
    try {
      return new RedisFaults(topology, pause).strike(fault, victim);
    } catch (IOException e) {
      // One fault that does not come about is no reason to stop.
      return "failed: " + e;
    }
  }

  /** Lets time pass; a failover that a fault brings about only then is the fault's, too. */
  private Strike quiet(Strike strike, long ms) {
    Strike seen = strike;
    long epoch = topology.epoch();
    long untilUs = nowUs() + ms * 1_000;
    while (nowUs() < untilUs) {
      pause.ms(LOOK_MS);
      if (topology.epoch() != epoch) {
        awaitTrue("Redis to be whole after a late failover", topology::isSettled);
        epoch = topology.epoch();
        seen =
            new Strike(
                strike.fault(),
                strike.fromUs(),
                strike.reachableUs(),
                nowUs(),
                true,
                strike.hasHit(),
                "late failover " + strike.note());
      }
    }
    return seen;
  }

  private static void awaitTrue(String what, Callable<Boolean> condition) {
    Awaitility.await(what)
        .atMost(RECOVERY)
        .pollDelay(Duration.ZERO)
        .pollInterval(PROBE)
        .until(condition);
  }

  private static long nowUs() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  @Override
  public void close() {
    pause.close();
  }
}
