package dev.dueline.system.abuse.attack;

import static dev.dueline.system.abuse.wire.Messages.LARGEST;

import dev.dueline.system.abuse.wire.HeaderBlock;
import dev.dueline.system.abuse.wire.Messages;
import dev.dueline.system.abuse.wire.Paths;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** Large messages of small parts, by a caller who is known. */
final class CountAttacks {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** Messages under way at once. */
  private static final int CONNECTIONS = 4;

  private static final int ATTRIBUTES = 6;
  private static final int RETRY_POLICY = 7;

  private CountAttacks() {}

  static List<Attack> all() {
    return List.of(
        send("counts: 2 M empty lease tokens, Ack", Paths.ACK, () -> Messages.empties(1, LARGEST)),
        send(
            "counts: 2 M empty lease tokens, Nack", Paths.NACK, () -> Messages.empties(1, LARGEST)),
        send(
            "counts: 1 M malformed lease tokens",
            Paths.EXTEND_LEASE,
            () -> Messages.shortTexts(1, LARGEST)),
        send(
            "counts: 2 M items, BatchSchedule",
            Paths.BATCH_SCHEDULE,
            () -> Messages.empties(1, LARGEST)),
        send(
            "counts: 2 M items, BatchCancel",
            Paths.BATCH_CANCEL,
            () -> Messages.empties(1, LARGEST)),
        send("counts: 2 M attributes", Paths.SCHEDULE, () -> Messages.empties(ATTRIBUTES, LARGEST)),
        send(
            "counts: 2 M retry policies",
            Paths.SCHEDULE,
            () -> Messages.empties(RETRY_POLICY, LARGEST)),
        send("counts: 2 M queues, WatchDue", Paths.WATCH_DUE, () -> Messages.empties(1, LARGEST)),
        send("counts: 1 M queues, PullDue", Paths.PULL_DUE, () -> Messages.shortTexts(1, LARGEST)),
        send("counts: unknown fields", Paths.SCHEDULE, () -> Messages.unknownFields(LARGEST)),
        send("counts: groups", Paths.SCHEDULE, () -> Messages.groups(LARGEST)),
        send("counts: nested groups", Paths.SCHEDULE, () -> Messages.nestedGroups(LARGEST)));
  }

  private static Attack send(String name, String path, Supplier<byte[]> made) {
    return Attack.of(
        name,
        attacker -> {
          byte[] message = made.get();
          HeaderBlock call = HeaderBlock.call(path, attacker.target().token());
          attacker.inParallel(
              CONNECTIONS,
              () ->
                  attacker.repeatedly(
                      connection -> {
                        while (!attacker.isOver()) {
                          int stream = connection.call(call, message);
                          connection.outcome(stream, TIMEOUT);
                        }
                      }));
        });
  }
}
