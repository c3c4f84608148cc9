package dev.dueline.system.abuse.attack;

import static dev.dueline.system.abuse.wire.FrameType.DATA;
import static dev.dueline.system.abuse.wire.FrameType.NO_FLAGS;

import com.google.protobuf.ByteString;
import dev.dueline.system.abuse.wire.Frames;
import dev.dueline.system.abuse.wire.HeaderBlock;
import dev.dueline.system.abuse.wire.Messages;
import dev.dueline.system.abuse.wire.Paths;
import dev.dueline.system.abuse.wire.RawHttp2;
import dev.dueline.v1.BatchScheduleRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Messages and requests that never end, and messages in many parts. */
final class IncompleteMessages {
  /** As many as held 256 MB once. */
  private static final int CONNECTIONS = 79;

  private static final int CALLS = 40;
  private static final int PART = 60_000;

  /** Of a connection, each with a message that is whole: 31 GiB of all, once they are read. */
  private static final int UNENDED_CALLS = 100;

  /** Jobs that fill the largest message, and next to nothing once they are compressed. */
  private static final int JOBS = 15;

  private static final int PAYLOAD = 256 << 10;

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

  /** Whole messages in requests that their caller does not end, and so nobody answers. */
  static List<Attack> unended() {
    byte[] jobs = jobs().toByteArray();
    return List.of(
        Attack.of(
            "unended: 4 MiB, compressed",
            attacker ->
                unended(
                    attacker,
                    batch(attacker).with("grpc-encoding", "gzip"),
                    Messages.compressed(jobs, 1))),
        Attack.of(
            "unended: 4 MiB", attacker -> unended(attacker, batch(attacker), Messages.of(jobs))));
  }

  private static BatchScheduleRequest jobs() {
    ByteString payload = ByteString.copyFrom(new byte[PAYLOAD]);
    BatchScheduleRequest.Builder batch = BatchScheduleRequest.newBuilder();
    for (int i = 0; i < JOBS; i++) {
      batch.addRequestsBuilder().setQueue("abuse").setPayload(payload);
    }
    return batch.build();
  }

  private static HeaderBlock batch(Attacker attacker) {
    return HeaderBlock.call(Paths.BATCH_SCHEDULE, attacker.target().token());
  }

  private static void unended(Attacker attacker, HeaderBlock call, byte[] message) {
    attacker.inParallel(
        CONNECTIONS,
        () ->
            attacker.repeatedly(
                connection -> held(attacker, connection, call, message, UNENDED_CALLS)));
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
          () ->
              attacker.repeatedly(connection -> held(attacker, connection, call, message, CALLS)));
    }
  }

  /** Connections with messages that lack one byte each. */
  private static void hold(Attacker attacker, HeaderBlock call, int size) {
    byte[] message = Messages.incomplete(size);
    attacker.inParallel(
        CONNECTIONS,
        () -> attacker.repeatedly(connection -> held(attacker, connection, call, message, CALLS)));
  }

  private static void held(
      Attacker attacker, RawHttp2 connection, HeaderBlock call, byte[] message, int calls)
      throws IOException, InterruptedException {
    for (int i = 0; i < calls && !attacker.isOver(); i++) {
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
