package dev.dueline.system.abuse.attack;

import dev.dueline.system.abuse.wire.FrameType;
import dev.dueline.system.abuse.wire.HeaderBlock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** What can be done with headers, of which credentials are some. */
final class CredentialAttacks {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final int CONNECTIONS = 8;
  private static final int AT_ONCE = 100;

  /** What becomes of who has tried too many. */
  private static final String[] LIMITED = {
    "RESOURCE_EXHAUSTED", "GOAWAY", "connection closed", "not connected"
  };

  private CredentialAttacks() {}

  static List<Attack> all() {
    return List.of(
        wrongTokens("credentials: wrong tokens", false),
        Attack.of("headers: 8,000 fields", CredentialAttacks::manyFields),
        Attack.of("headers: a token of 1 MiB", CredentialAttacks::hugeToken));
  }

  /** Calls with other wrong tokens each, as fast as they are refused. */
  static Attack wrongTokens(String name, boolean isBesideClients) {
    AtomicLong number = new AtomicLong();
    return new Attack(
        name,
        isBesideClients,
        List.of(LIMITED),
        attacker ->
            attacker.inParallel(
                CONNECTIONS,
                () ->
                    attacker.repeatedly(
                        connection -> {
                          while (!attacker.isOver()) {
                            int last = 0;
                            for (int i = 0; i < AT_ONCE; i++) {
                              last =
                                  connection.begin(
                                      wrong(number.incrementAndGet()).toBytes(),
                                      FrameType.END_HEADERS | FrameType.END_STREAM);
                            }
                            connection.outcome(last, TIMEOUT);
                          }
                        })));
  }

  /** Half of them look like JSON Web Tokens. */
  private static HeaderBlock wrong(long number) {
    String token =
        number % 2 == 0
            ? String.format("%064x", number)
            : "eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ.eyJzdWIiOiJhIn0." + number + "A".repeat(300);
    return HeaderBlock.call(Paths.SCHEDULE, token);
  }

  private static void manyFields(Attacker attacker) throws InterruptedException {
    HeaderBlock block = HeaderBlock.call(Paths.SCHEDULE);
    for (int i = 0; i < 8_000; i++) {
      block.with("x-" + i, "");
    }
    repeat(attacker, block);
  }

  private static void hugeToken(Attacker attacker) throws InterruptedException {
    repeat(attacker, HeaderBlock.call(Paths.SCHEDULE, "z".repeat(1 << 20)));
  }

  private static void repeat(Attacker attacker, HeaderBlock block) throws InterruptedException {
    byte[] bytes = block.toBytes();
    attacker.repeatedly(
        connection -> {
          while (!attacker.isOver()) {
            int stream = connection.begin(bytes, FrameType.END_HEADERS | FrameType.END_STREAM);
            connection.outcome(stream, TIMEOUT);
          }
        });
  }
}
