package dev.dueline.system.abuse.attack;

import static dev.dueline.system.abuse.wire.Paths.HEALTH_CHECK;
import static dev.dueline.system.abuse.wire.Paths.HEALTH_WATCH;

import dev.dueline.system.abuse.wire.HeaderBlock;
import dev.dueline.system.abuse.wire.Messages;
import dev.dueline.system.abuse.wire.RawHttp2;
import dev.dueline.system.abuse.wire.Trait;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** What can be done with the calls that need no credentials. */
final class HealthAttacks {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final int WATCHES = 250;

  /** Of one connection, twenty times what it is told that it may open. */
  private static final int MANY_WATCHES = 20_000;

  private static final int CONNECTIONS = 50;

  private HealthAttacks() {}

  static List<Attack> all() {
    return List.of(
        Attack.of("health: 4 MiB of unknown fields", HealthAttacks::unknownFields),
        Attack.of("health: watches of long names", HealthAttacks::longNames),
        Attack.of("health: 20,000 watches, no ACK", HealthAttacks::manyWatches),
        Attack.of("health: watches, 50 connections", HealthAttacks::watchesOnMany));
  }

  private static void unknownFields(Attacker attacker) throws InterruptedException {
    byte[] message = Messages.unknownFields(Messages.LARGEST);
    attacker.repeatedly(
        connection -> {
          while (!attacker.isOver()) {
            int stream = connection.call(HeaderBlock.call(HEALTH_CHECK), message);
            connection.outcome(stream, TIMEOUT);
          }
        });
  }

  private static void longNames(Attacker attacker) throws IOException, InterruptedException {
    for (int size = Messages.LARGEST; size >= 256 && !attacker.isOver(); size >>= 4) {
      byte[] message = Messages.text(1, size);
      RawHttp2 connection = attacker.connect();
      for (int i = 0; i < WATCHES && !attacker.isOver(); i++) {
        connection.call(HeaderBlock.call(HEALTH_WATCH), message);
      }
    }
  }

  private static void manyWatches(Attacker attacker) throws IOException, InterruptedException {
    watches(attacker, attacker.connect(Trait.NEVER_ACKS), MANY_WATCHES);
  }

  private static void watchesOnMany(Attacker attacker) {
    attacker.inParallel(
        CONNECTIONS,
        () -> watches(attacker, attacker.connect(Trait.NEVER_ACKS), MANY_WATCHES / 10));
  }

  private static void watches(Attacker attacker, RawHttp2 connection, int count)
      throws IOException, InterruptedException {
    for (int i = 0; i < count && !attacker.isOver(); i++) {
      connection.call(HeaderBlock.call(HEALTH_WATCH), Messages.text(1, 40));
    }
  }
}
