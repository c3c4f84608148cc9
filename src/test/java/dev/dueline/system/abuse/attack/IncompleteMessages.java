package dev.dueline.system.abuse.attack;

import static dev.dueline.system.abuse.wire.FrameType.DATA;
import static dev.dueline.system.abuse.wire.FrameType.NO_FLAGS;

import dev.dueline.system.abuse.wire.Frames;
import dev.dueline.system.abuse.wire.HeaderBlock;
import dev.dueline.system.abuse.wire.RawHttp2;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Messages that never end, and messages in many parts. */
final class IncompleteMessages {
  /** As many as held 256 MB once. */
  private static final int CONNECTIONS = 79;

  private static final int CALLS = 40;
  private static final int PART = 60_000;

  private IncompleteMessages() {}

  static List<Attack> anonymous() {
    return List.of(
        Attack.of("incomplete: 4 MiB, anonymous calls", IncompleteMessages::ofStrangers),
        Attack.of(
            "incomplete: 64 B to health, many calls",
            attacker -> hold(attacker, HeaderBlock.call(Paths.HEALTH_WATCH), 64)));
  }

  static List<Attack> known() {
    return List.of(
        Attack.of(
            "incomplete: 4 MiB, 79 connections",
            attacker -> hold(attacker, schedule(attacker), Messages.LARGEST)),
        Attack.of(
            "incomplete: 60 KB, 40 calls each of 79",
            attacker -> hold(attacker, schedule(attacker), PART)),
        Attack.of("incomplete: a message by the byte", IncompleteMessages::bytewise));
  }

  private static HeaderBlock schedule(Attacker attacker) {
    return HeaderBlock.call(Paths.SCHEDULE, attacker.target().token());
  }

  private static void ofStrangers(Attacker attacker) {
    List<HeaderBlock> calls = new ArrayList<>();
    calls.add(HeaderBlock.call(Paths.HEALTH_CHECK));
    calls.add(HeaderBlock.call(Paths.HEALTH_WATCH));
    calls.add(HeaderBlock.call(Paths.SCHEDULE));
    calls.add(HeaderBlock.call(Paths.SCHEDULE, "wrong"));
    calls.add(HeaderBlock.call(Paths.SCHEDULE, attacker.target().partial()));
    Paths.REFLECTION.forEach(path -> calls.add(HeaderBlock.call(path)));
    Paths.UNKNOWN.forEach(path -> calls.add(HeaderBlock.call(path)));
    byte[] message = Messages.incomplete(Messages.LARGEST);
    for (HeaderBlock call : calls) {
      attacker.inParallel(
          CONNECTIONS / calls.size() + 1,
          () -> attacker.repeatedly(connection -> held(attacker, connection, call, message)));
    }
  }

  /** Connections with messages that lack one byte each. */
  private static void hold(Attacker attacker, HeaderBlock call, int size) {
    byte[] message = Messages.incomplete(size);
    attacker.inParallel(
        CONNECTIONS,
        () -> attacker.repeatedly(connection -> held(attacker, connection, call, message)));
  }

  private static void held(Attacker attacker, RawHttp2 connection, HeaderBlock call, byte[] message)
      throws IOException, InterruptedException {
    for (int i = 0; i < CALLS && !attacker.isOver(); i++) {
      int stream = connection.begin(call);
      connection.data(stream, message, false);
    }
    while (!attacker.isOver() && connection.ending().isEmpty()) {
      Thread.sleep(20);
    }
    // What was sent is held until the attack is closed.
    while (attacker.isOver() && connection.ending().isEmpty()) {
      Thread.sleep(20);
    }
  }

  /** A large message in DATA frames of one byte each. */
  private static void bytewise(Attacker attacker) throws InterruptedException {
    byte[] prefix = Arrays.copyOf(Messages.incomplete(Messages.LARGEST), 5);
    attacker.repeatedly(
        connection -> {
          int stream = connection.begin(schedule(attacker));
          connection.data(stream, prefix, false);
          // As much as the connection may have under way, with what is given back at times.
          byte[] bytes = bytes(stream);
          while (!attacker.isOver() && connection.ending().isEmpty()) {
            connection.write(bytes);
          }
        });
  }

  private static byte[] bytes(int stream) {
    return Frames.repeated(DATA, NO_FLAGS, stream, new byte[1]);
  }
}
