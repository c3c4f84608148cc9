package dev.dueline.system.abuse.attack;

import static dev.dueline.system.abuse.wire.FrameType.DATA;
import static dev.dueline.system.abuse.wire.FrameType.END_HEADERS;
import static dev.dueline.system.abuse.wire.FrameType.END_STREAM;
import static dev.dueline.system.abuse.wire.FrameType.HEADERS;

import dev.dueline.system.abuse.wire.Frames;
import dev.dueline.system.abuse.wire.HeaderBlock;
import dev.dueline.system.abuse.wire.Messages;
import dev.dueline.system.abuse.wire.Paths;
import dev.dueline.system.abuse.wire.RawHttp2;
import dev.dueline.system.abuse.wire.Trait;
import dev.dueline.system.abuse.wire.WebTokens;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import sh.keda.externalscaler.GetMetricsRequest;
import sh.keda.externalscaler.ScaledObjectRef;

/** What can be done with the calls of KEDA's, whose credentials may be in their message. */
final class ScalerAttacks {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final int CONNECTIONS = 8;
  private static final int MANY_CONNECTIONS = 50;
  private static final int AT_ONCE = 100;

  /** Ten times what a replica has. */
  private static final int STREAMS = 10_000;

  /** The largest message of these calls. */
  private static final int LARGEST = 16 << 10;

  private static final int METADATA = 3;
  private static final HeaderBlock ANONYMOUS = HeaderBlock.call(Paths.IS_ACTIVE);

  private ScalerAttacks() {}

  static List<Attack> anonymous() {
    AtomicLong number = new AtomicLong();
    return List.of(
        atFullRate("keda: wrong tokens in messages", i -> wrong(number.incrementAndGet())),
        atFullRate("keda: metadata of 8,000 entries", i -> Messages.empties(METADATA, LARGEST)),
        atFullRate("keda: messages of 16 KiB", i -> Messages.text(1, LARGEST)),
        atFullRate("keda: messages beyond 16 KiB", i -> Messages.text(1, LARGEST + 100)),
        Attack.of("keda: requests that do not end", ScalerAttacks::unended)
            .until("RESOURCE_EXHAUSTED"));
  }

  static List<Attack> known() {
    return List.of(
        Attack.of("keda: 10,000 StreamIsActive of a known caller", ScalerAttacks::streams)
            .until("RESOURCE_EXHAUSTED"),
        Attack.of("keda: metrics of a known caller at full rate", ScalerAttacks::metrics));
  }

  /** Half of them are JSON Web Tokens. */
  private static byte[] wrong(long number) {
    String token = number % 2 == 0 ? String.format("%064x", number) : WebTokens.forged(number);
    return message(token);
  }

  private static byte[] message(String token) {
    return Messages.of(object().toBuilder().putScalerMetadata("tokenFromEnv", token).build());
  }

  private static ScaledObjectRef object() {
    return ScaledObjectRef.newBuilder().putScalerMetadata("queue", "abuse").build();
  }

  /** Calls without headers that name anybody, until the address has had too many. */
  private static Attack atFullRate(String name, LongFunction<byte[]> messages) {
    return Attack.of(
            name,
            attacker ->
                attacker.inParallel(
                    CONNECTIONS,
                    () -> attacker.repeatedly(each -> calls(attacker, each, messages))))
        .until("GOAWAY", "connection closed", "not connected");
  }

  private static void calls(Attacker attacker, RawHttp2 connection, LongFunction<byte[]> messages)
      throws IOException, InterruptedException {
    while (!attacker.isOver()) {
      int last = 0;
      for (int i = 0; i < AT_ONCE && connection.ending().isEmpty(); i++) {
        last = connection.call(ANONYMOUS, messages.apply(i));
      }
      if (!connection.ending().isEmpty()) {
        return;
      }
      connection.outcome(last, TIMEOUT);
    }
  }

  /** Each lacks the last byte of its message. */
  private static void unended(Attacker attacker) {
    byte[] message = Messages.incomplete(LARGEST - 1);
    attacker.inParallel(
        MANY_CONNECTIONS,
        () -> {
          RawHttp2 connection = attacker.connect(Trait.NEVER_ACKS);
          for (int i = 0; i < 2 * AT_ONCE && !attacker.isOver(); i++) {
            int stream = connection.begin(HeaderBlock.call(Paths.STREAM_IS_ACTIVE));
            connection.data(stream, message, false);
          }
        });
  }

  /** Half with the token in the message. */
  private static void streams(Attacker attacker) {
    String token = attacker.target().token();
    byte[] named = HeaderBlock.call(Paths.STREAM_IS_ACTIVE, token).toBytes();
    byte[] unnamed = HeaderBlock.call(Paths.STREAM_IS_ACTIVE).toBytes();
    byte[] plain = Messages.of(object());
    byte[] credentials = message(token);
    attacker.inParallel(
        CONNECTIONS,
        () -> {
          RawHttp2 connection = attacker.connect();
          for (int i = 0; i < STREAMS / CONNECTIONS && !attacker.isOver(); i++) {
            int stream = connection.newStream();
            connection.write(
                new Frames()
                    .add(HEADERS, END_HEADERS, stream, i % 2 == 0 ? named : unnamed)
                    .add(DATA, END_STREAM, stream, i % 2 == 0 ? plain : credentials)
                    .toBytes());
          }
        });
  }

  private static void metrics(Attacker attacker) {
    byte[] message =
        Messages.of(GetMetricsRequest.newBuilder().setScaledObjectRef(object()).build());
    HeaderBlock call = HeaderBlock.call(Paths.GET_METRICS, attacker.target().token());
    attacker.calls(CONNECTIONS, AT_ONCE, connection -> connection.call(call, message));
  }
}
