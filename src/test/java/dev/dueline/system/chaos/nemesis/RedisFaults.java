package dev.dueline.system.chaos.nemesis;

import dev.dueline.system.chaos.topology.Node;
import dev.dueline.system.chaos.topology.Topology;
import dev.dueline.system.process.FaultyProxy;
import dev.dueline.system.process.RespCall;
import dev.dueline.system.process.SteppedClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Does to a Redis, or to the network before it, what a fault says. */
final class RedisFaults {
  /** By then another node has taken a killed one's place, or never will. */
  private static final Duration FAILOVER = Duration.ofSeconds(20);

  /** Of a kill that must be too short for a failover. */
  private static final int SHORT_MS = 800;

  private static final int LEAST_DELAY_MS = 100;
  private static final int MOST_DELAY_MS = 300;

  /** Longer than leases and waits, shorter than requests are remembered. */
  private static final Duration STEP = Duration.ofSeconds(75);

  /** Primaries that a topology has at most. */
  private static final int MOST_PRIMARIES = 3;

  private final Topology topology;
  private final Pause pause;

  RedisFaults(Topology topology, Pause pause) {
    this.topology = topology;
    this.pause = pause;
  }

  /** Begins it and ends it; gives what is worth knowing. */
  String strike(Fault fault, Node victim) throws IOException {
    return switch (fault.kind()) {
      case REDIS_KILL -> kill(fault, victim);
      case REDIS_KILL_FAILOVER -> killUntilFailover(fault, victim);
      case REDIS_STOP -> stop(fault, victim);
      case CLIENT_PAUSE -> pauseClients(fault, victim);
      case DEBUG_SLEEP -> sleep(fault, victim);
      case FAILOVER -> failOver(victim);
      case SCRIPT_FLUSH -> said(victim, "SCRIPT", "FLUSH");
      case FLUSH -> said(victim, "FLUSHALL");
      case LOSE_REGISTRY -> loseRegistry();
      case CLOCK_STEP -> step(fault, victim);
      case PUBSUB_KILL -> said(victim, "CLIENT", "KILL", "TYPE", "pubsub");
      case MEMORY_FULL -> fill(fault, victim);
      default -> cutOff(fault, victim.proxy());
    };
  }

  private String kill(Fault fault, Node victim) {
    victim.server().kill();
    pause.ms(topology.canFailOver() ? Math.min(fault.lastsMs(), SHORT_MS) : fault.lastsMs());
    victim.server().restart();
    return "";
  }

  private String killUntilFailover(Fault fault, Node victim) {
    long epoch = topology.epoch();
    victim.server().kill();
    String note = awaitFailover(epoch);
    pause.ms(fault.lastsMs());
    victim.server().restart();
    return note;
  }

  private String failOver(Node victim) {
    long epoch = topology.epoch();
    return topology.failOver(victim) ? awaitFailover(epoch) : "refused";
  }

  /** Waits until a failover has made an epoch greater than that. */
  private String awaitFailover(long epoch) {
    try {
      Awaitility.await()
          .atMost(FAILOVER)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> topology.epoch() > epoch);
      return "";
    } catch (ConditionTimeoutException e) {
      return "no failover within " + FAILOVER;
    }
  }

  private String stop(Fault fault, Node victim) {
    victim.server().stop();
    pause.ms(fault.lastsMs());
    victim.server().resume();
    return "";
  }

  private String pauseClients(Fault fault, Node victim) throws IOException {
    said(victim, "CLIENT", "PAUSE", Integer.toString(fault.lastsMs()), "ALL");
    pause.ms(fault.lastsMs());
    return "";
  }

  private static String sleep(Fault fault, Node victim) throws IOException {
    String seconds = Double.toString(fault.lastsMs() / 1_000.0);
    Duration timeout = Duration.ofMillis(fault.lastsMs() + 5_000L);
    RespCall.to(victim.server().port(), timeout, "DEBUG", "SLEEP", seconds);
    return "";
  }

  private String fill(Fault fault, Node victim) throws IOException {
    said(victim, "CONFIG", "SET", "maxmemory", "1");
    pause.ms(fault.lastsMs());
    // A primary that lost its place meanwhile is still the same server.
    said(victim, "CONFIG", "SET", "maxmemory", "0");
    return "";
  }

  private String cutOff(Fault fault, FaultyProxy network) {
    switch (fault.kind()) {
      case PARTITION_CUT -> network.cut();
      case PARTITION_REFUSE -> {
        network.refuse();
        network.cut();
      }
      case SLOW_NETWORK ->
          network.delay(
              Math.round(LEAST_DELAY_MS + fault.strength() * (MOST_DELAY_MS - LEAST_DELAY_MS)));
      default -> network.swallow();
    }
    pause.ms(fault.lastsMs());
    if (fault.kind() == FaultKind.PARTITION_FORGET) {
      network.forget();
    } else {
      network.heal();
    }
    return "";
  }

  /** Wherever it is: in a cluster one primary has it, and the others say so. */
  private String loseRegistry() {
    int lost = 0;
    for (int i = 0; i < MOST_PRIMARIES; i++) {
      try {
        said(topology.primary(i), "DEL", "dueline:queues", "dueline:{dueline:queues}:names");
        lost++;
      } catch (IOException e) {
        // Not here.
      }
    }
    return lost == 0 ? "not found" : "";
  }

  /** While the server stands still, so that each of its answers is by one clock or the other. */
  private String step(Fault fault, Node victim) throws IOException {
    SteppedClock clock = topology.clock().orElseThrow();
    Duration by = fault.strength() < 0.5 ? STEP : STEP.negated();
    victim.server().stop();
    clock.step(clock.offset().isZero() ? by : Duration.ZERO);
    victim.server().resume();
    List<?> time = (List<?>) victim.server().call("TIME");
    Instant now = Instant.ofEpochSecond(Long.parseLong((String) time.get(0)));
    Duration ahead = Duration.between(Instant.now(), now);
    if (ahead.minus(clock.offset()).abs().compareTo(STEP.dividedBy(2)) > 0) {
      throw new IOException("the clock is ahead by " + ahead + ", not by " + clock.offset());
    }
    return "ahead by " + clock.offset();
  }

  private static String said(Node victim, String... words) throws IOException {
    victim.server().call(words);
    return "";
  }
}
