package dev.dueline.system.abuse.attack;

import dev.dueline.system.abuse.wire.FrameType;
import dev.dueline.system.abuse.wire.HeaderBlock;
import dev.dueline.system.abuse.wire.Messages;
import dev.dueline.system.abuse.wire.Paths;
import dev.dueline.system.abuse.wire.RawHttp2;
import dev.dueline.system.abuse.wire.WebTokens;
import dev.dueline.v1.CancelRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/** What can be done with headers, of which credentials are some. */
final class CredentialAttacks {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final int CONNECTIONS = 8;
  private static final int AT_ONCE = 100;

  /** What becomes of who has tried too many. */
  private static final String[] LIMITED = {
    "RESOURCE_EXHAUSTED", "GOAWAY", "connection closed", "not connected"
  };

  /** SETTINGS_HEADER_TABLE_SIZE, 4 GiB less a byte: what may be kept to be named again. */
  private static final byte[] LARGE_TABLE = {0, 1, -1, -1, -1, -1};

  /** SETTINGS_MAX_HEADER_LIST_SIZE, a byte: no answer is that short. */
  private static final byte[] SHORT_LIST = {0, 6, 0, 0, 0, 1};

  /** Of 8 KiB that the headers of a call may have. */
  private static final int LONG_TOKEN = 7_600;

  private static final int TOO_LONG_TOKEN = 8 << 10;
  private static final List<String> MALFORMED = WebTokens.malformed();
  private static final AtomicLong OTHERS = new AtomicLong();

  private CredentialAttacks() {}

  static List<Attack> all() {
    return List.of(
        wrongTokens("credentials: wrong tokens", false),
        atFullRate("web tokens: false signatures", false, i -> call(WebTokens.forged(i))),
        atFullRate("web tokens: up to 8 KiB", false, CredentialAttacks::longest),
        atFullRate("web tokens: malformed", false, CredentialAttacks::malformed),
        Attack.of("headers: 8,000 fields", CredentialAttacks::manyFields),
        Attack.of("headers: a token of 1 MiB", CredentialAttacks::hugeToken));
  }

  /** Whoever has good ones can have answers with headers that are all different. */
  static List<Attack> known() {
    return List.of(
        answers("answers: headers of a byte", SHORT_LIST),
        answers("answers: headers for a table of 4 GiB", LARGE_TABLE));
  }

  private static Attack answers(String name, byte[] setting) {
    return Attack.of(
            name,
            attacker ->
                attacker.inParallel(
                    CONNECTIONS,
                    () -> attacker.repeatedly(each -> refused(attacker, each, setting))))
        .until("PERMISSION_DENIED");
  }

  /** Refusals that name other queues each. */
  private static void refused(Attacker attacker, RawHttp2 connection, byte[] setting)
      throws IOException, InterruptedException {
    HeaderBlock call = HeaderBlock.call(Paths.CANCEL, attacker.target().token());
    connection.send(FrameType.SETTINGS, FrameType.NO_FLAGS, 0, setting);
    while (!attacker.isOver()) {
      int last = 0;
      for (int i = 0; i < AT_ONCE; i++) {
        String queue = "not-mine-" + OTHERS.incrementAndGet() + "-".repeat(100);
        byte[] request =
            CancelRequest.newBuilder().setQueue(queue).setJobId("id").build().toByteArray();
        last = connection.call(call, Messages.of(request));
      }
      connection.outcome(last, TIMEOUT);
    }
  }

  /** Calls with other wrong tokens each, as fast as they are refused. */
  static Attack wrongTokens(String name, boolean isBesideClients) {
    return atFullRate(name, isBesideClients, CredentialAttacks::wrong);
  }

  /** Calls that are refused, until that is limited, each with other headers. */
  private static Attack atFullRate(
      String name, boolean isBesideClients, LongFunction<HeaderBlock> headers) {
    AtomicLong number = new AtomicLong();
    return new Attack(
        name,
        isBesideClients,
        List.of(LIMITED),
        attacker ->
            attacker.calls(
                CONNECTIONS,
                AT_ONCE,
                connection ->
                    connection.begin(
                        headers.apply(number.incrementAndGet()).toBytes(),
                        FrameType.END_HEADERS | FrameType.END_STREAM)));
  }

  /** Half of them look like JSON Web Tokens. */
  private static HeaderBlock wrong(long number) {
    String token =
        number % 2 == 0
            ? String.format("%064x", number)
            : "eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ.eyJzdWIiOiJhIn0." + number + "A".repeat(300);
    return call(token);
  }

  /** Half of them as long as the headers of a call may be, and the others beyond. */
  private static HeaderBlock longest(long number) {
    return call(WebTokens.forged(number, number % 4 < 2 ? LONG_TOKEN : TOO_LONG_TOKEN));
  }

  private static HeaderBlock malformed(long number) {
    return call(MALFORMED.get((int) (number % MALFORMED.size())));
  }

  private static HeaderBlock call(String token) {
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
