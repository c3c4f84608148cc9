package dev.dueline.system.abuse.attack;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/** What can be done to the port of the console: by anybody, and by one who may read there. */
final class ConsoleAttacks {
  private static final int THREADS = 8;

  /** Many times what the console has at once. */
  private static final int CONNECTIONS = 2_000;

  private static final int ANSWER_MS = 5_000;
  private static final String HOST = "Host: 127.0.0.1\r\n";
  private static final String ONCE = HOST + "Connection: close\r\n";
  private static final String FORM =
      "Origin: http://127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n";

  /** The status of who was wrong too often. */
  private static final String LIMITED = "429";

  private ConsoleAttacks() {}

  static List<Attack> all() {
    return List.of(
        Attack.of("console: pages that are not read", ConsoleAttacks::unread),
        atFullRate("console: wrong tokens in the form", ConsoleAttacks::wrongForm).until(LIMITED),
        Attack.of("console: forms that never end", attacker -> hold(attacker, endless())),
        atFullRate("console: wrong cookies", ConsoleAttacks::wrongCookie).until(LIMITED),
        atFullRate(
            "console: headers beyond the limit",
            number -> page("a: " + "b".repeat(64 << 10) + "\r\n")),
        atFullRate("console: the page of who signs in", number -> page("")),
        Attack.of("console: connections that send nothing", attacker -> hold(attacker, "")),
        Attack.of(
            "console: half a request", attacker -> hold(attacker, "GET / HTTP/1.1\r\n" + HOST)),
        Attack.of("console: pages of a known caller", ConsoleAttacks::pages),
        Attack.of(
            "console: streams of events that a known caller does not read",
            attacker -> hold(attacker, get("/events", HOST + token(attacker)))));
  }

  /** Pages as fast as they come, as somebody who may see them. */
  private static void pages(Attacker attacker) {
    String page = get("/queue?queue=abuse", ONCE + token(attacker));
    attacker.inParallel(THREADS, () -> repeat(attacker, number -> page));
  }

  /** Requests on connections of their own, as fast as they are answered. */
  private static Attack atFullRate(String name, LongFunction<String> request) {
    return Attack.of(
        name, attacker -> attacker.inParallel(THREADS, () -> repeat(attacker, request)));
  }

  private static void repeat(Attacker attacker, LongFunction<String> request)
      throws InterruptedException {
    AtomicLong number = new AtomicLong();
    while (!attacker.isOver()) {
      Socket socket = null;
      try {
        socket = attacker.consoleSocket();
        socket.setSoTimeout(ANSWER_MS);
        send(socket, request.apply(number.incrementAndGet()));
        attacker.counts().add(status(socket.getInputStream()));
      } catch (SocketTimeoutException e) {
        attacker.counts().add("no answer");
      } catch (IOException e) {
        attacker.counts().add(socket == null ? "not connected" : "cut");
        Thread.sleep(2);
      } finally {
        if (socket != null) {
          attacker.release(socket);
        }
      }
    }
  }

  /** Connections that stay open, with the beginning of something on each. */
  private static void hold(Attacker attacker, String begun) throws InterruptedException {
    for (int i = 0; i < CONNECTIONS && !attacker.isOver(); i++) {
      try {
        send(attacker.consoleSocket(), begun);
        attacker.counts().add("opened");
      } catch (IOException e) {
        attacker.counts().add("refused");
        Thread.sleep(2);
      }
    }
  }

  /** Page upon page is asked for, and none is taken. */
  private static void unread(Attacker attacker) {
    String pages = get("/login", HOST).repeat(100);
    attacker.inParallel(
        THREADS,
        () -> {
          while (!attacker.isOver()) {
            Socket socket = attacker.consoleSocket();
            try {
              while (!attacker.isOver()) {
                send(socket, pages);
                attacker.counts().add("asked for 100");
              }
            } catch (IOException e) {
              attacker.counts().add("cut");
              Thread.sleep(2);
            } finally {
              attacker.release(socket);
            }
          }
        });
  }

  private static String wrongForm(long number) {
    String body = "token=" + number;
    return "POST /login HTTP/1.1\r\n"
        + ONCE
        + FORM
        + ("Content-Length: " + body.length() + "\r\n\r\n")
        + body;
  }

  private static String wrongCookie(long number) {
    return get("/", ONCE + "Cookie: dueline=" + number + "\r\n");
  }

  private static String endless() {
    return "POST /login HTTP/1.1\r\n" + HOST + FORM + "Content-Length: 16000\r\n\r\ntoken=";
  }

  private static String page(String headers) {
    return get("/login", ONCE + headers);
  }

  private static String get(String path, String headers) {
    return "GET " + path + " HTTP/1.1\r\n" + headers + "\r\n";
  }

  private static String token(Attacker attacker) {
    return "Authorization: Bearer " + attacker.target().token() + "\r\n";
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
  }

  /** The status of an answer, all of which is read. */
  private static String status(InputStream in) throws IOException {
    String all = new String(in.readAllBytes(), ISO_8859_1);
    return all.isEmpty() ? "closed" : all.split(" ", 3)[1];
  }
}
