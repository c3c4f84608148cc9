package dev.dueline.system.abuse.attack;

import dev.dueline.system.abuse.wire.HeaderBlock;
import dev.dueline.system.abuse.wire.Messages;
import dev.dueline.system.abuse.wire.Paths;
import java.time.Duration;
import java.util.List;

/** Messages that are small until they are read. */
final class CompressedMessages {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  /** Of 1 MiB of zeros each. */
  private static final int TIMES = 512;

  private CompressedMessages() {}

  static List<Attack> all() {
    return List.of(
        Attack.of(
            "compressed: 512 MiB to health",
            attacker -> send(attacker, HeaderBlock.call(Paths.HEALTH_CHECK))),
        Attack.of(
            "compressed: 512 MiB to Schedule",
            attacker ->
                send(attacker, HeaderBlock.call(Paths.SCHEDULE, attacker.target().token()))));
  }

  private static void send(Attacker attacker, HeaderBlock call) throws InterruptedException {
    byte[] message = Messages.compressed(new byte[1 << 20], TIMES);
    HeaderBlock compressed = call.with("grpc-encoding", "gzip");
    attacker.repeatedly(
        connection -> {
          while (!attacker.isOver()) {
            int stream = connection.call(compressed, message);
            connection.outcome(stream, TIMEOUT);
          }
        });
  }
}
