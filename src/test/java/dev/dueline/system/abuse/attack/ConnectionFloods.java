package dev.dueline.system.abuse.attack;

import dev.dueline.system.abuse.wire.RawHttp2;
import java.io.IOException;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;

/**
 * As many connections as can be had, open and held; all of them at once, with those of other
 * attacks, are fewer than the descriptors that a process may have: 20,000.
 */
final class ConnectionFloods {
  /** More than one address may have, and all may together: 2,048 and 4,096. */
  private static final int OF_ONE = 3_500;

  private static final int OF_ALL = 4_500;

  private static final int ADDRESSES = 40;

  /** That of the first of several addresses. */
  private static final int FIRST_HOST = 10;

  private static final byte[] HALF = Arrays.copyOf(RawHttp2.PREFACE, 12);

  private ConnectionFloods() {}

  static List<Attack> all() {
    return List.of(
        Attack.of("connections: nothing sent", attacker -> open(attacker, new byte[0])),
        Attack.besideClients("connections: half a preface", attacker -> open(attacker, HALF)),
        Attack.of("connections: no SETTINGS", attacker -> open(attacker, RawHttp2.PREFACE)),
        Attack.of("connections: idle, 40 addresses", ConnectionFloods::idle),
        Attack.of("connections: opened and closed", ConnectionFloods::churn));
  }

  private static void open(Attacker attacker, byte[] bytes) throws InterruptedException {
    for (int i = 0; i < OF_ONE && !attacker.isOver(); i++) {
      try {
        Socket socket = attacker.socketFrom(attacker.host());
        socket.getOutputStream().write(bytes);
        attacker.counts().add("opened");
      } catch (IOException e) {
        attacker.counts().add("refused");
        Thread.sleep(2);
      }
    }
  }

  private static void idle(Attacker attacker) throws InterruptedException {
    for (int i = 0; i < OF_ALL && !attacker.isOver(); i++) {
      try {
        Socket socket = attacker.socketFrom(FIRST_HOST + i % ADDRESSES);
        socket.getOutputStream().write(RawHttp2.PREFACE);
        // SETTINGS of nothing, and the ACK of those that come.
        socket.getOutputStream().write(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
        socket.getOutputStream().write(new byte[] {0, 0, 0, 4, 1, 0, 0, 0, 0});
        attacker.counts().add("opened");
      } catch (IOException e) {
        attacker.counts().add("refused");
        Thread.sleep(2);
      }
    }
  }

  private static void churn(Attacker attacker) throws InterruptedException {
    while (!attacker.isOver()) {
      try {
        Socket socket = attacker.socketFrom(attacker.host());
        socket.getOutputStream().write(RawHttp2.PREFACE);
        attacker.release(socket);
        attacker.counts().add("opened");
      } catch (IOException e) {
        attacker.counts().add("refused");
        Thread.sleep(2);
      }
    }
  }
}
