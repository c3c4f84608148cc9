package dev.dueline.system.abuse.attack;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/**
 * What can be done to the ports that speak HTTP/1.1: the console's, by anybody and by one who may
 * read there, and that of health and metrics, by whoever reaches it.
 */
final class PageAttacks {
  private static final int THREADS = 8;

  /** More than twice what either has open at once, with those that are yet to be counted. */
  private static final int CONNECTIONS = 400;

  private static final int ANSWER_MS = 5_000;
  private static final String HOST = "Host: 127.0.0.1\r\n";
  private static final String ONCE = HOST + "Connection: close\r\n";
  private static final String FORM =
      "Origin: http://127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n";

  /** The status of who was wrong too often. */
  private static final String LIMITED = "429";

  private PageAttacks() {}

  static List<Attack> console() {
    return List.of(
        Attack.of("console: pages that are not read", PageAttacks::unread),
        atFullRate("console: wrong tokens in the form", PageAttacks::wrongForm).until(LIMITED),
        Attack.of("console: forms that never end", attacker -> hold(attacker, endless())),
        atFullRate("console: wrong cookies", PageAttacks::wrongCookie).until(LIMITED),
        atFullRate(
            "console: headers beyond the limit",
            number -> page("a: " + "b".repeat(64 << 10) + "\r\n")),
        atFullRate("console: the page of who signs in", number -> page("")),
        Attack.of("console: connections that send nothing", attacker -> hold(attacker, "")),
        Attack.of(
            "console: half a request", attacker -> hold(attacker, "GET / HTTP/1.1\r\n" + HOST)),
        Attack.of("console: pages of a known caller", PageAttacks::pages),
        Attack.of(
            "console: streams of events that a known caller does not read",
            attacker -> hold(attacker, get("/events", HOST + token(attacker)))));
  }

  static List<Attack> management() {
    return List.of(
        Attack.of("management: metrics at full rate", PageAttacks::metrics),
        Attack.of(
            "management: metrics that are not read",
            attacker -> holdManagement(attacker, get("/q/metrics", HOST))),
        Attack.of(
            "management: connections that send nothing", attacker -> holdManagement(attacker, "")),
        Attack.of(
            "management: half a request",
            attacker -> holdManagement(attacker, "GET /q/metrics HTTP/1.1\r\n" + HOST)));
  }

  private static void metrics(Attacker attacker) {
    String page = get("/q/metrics", ONCE);
    int port = attacker.target().managementPort();
    attacker.inParallel(THREADS, () -> repeat(attacker, port, number -> page));
  }

  /** Pages as fast as they come, as somebody who may see them. */
  private static void pages(Attacker attacker) {
    String page = get("/queue?queue=abuse", ONCE + token(attacker));
    repeatConsole(attacker, number -> page);
  }

  /** Requests on connections of their own, as fast as they are answered. */
  private static Attack atFullRate(String name, LongFunction<String> request) {
    return Attack.of(name, attacker -> repeatConsole(attacker, request));
  }

  private static void repeatConsole(Attacker attacker, LongFunction<String> request) {
    int port = attacker.target().consolePort();
    attacker.inParallel(THREADS, () -> repeat(attacker, port, request));
  }

  private static void repeat(Attacker attacker, int port, LongFunction<String> request)
      throws InterruptedException {
    AtomicLong number = new AtomicLong();
    while (!attacker.isOver()) {
      Socket socket = null;
      try {
        socket = attacker.socketTo(port);
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

  private static void hold(Attacker attacker, String begun) throws InterruptedException {
    hold(attacker, attacker.target().consolePort(), begun);
  }

  private static void holdManagement(Attacker attacker, String begun) throws InterruptedException {
    hold(attacker, attacker.target().managementPort(), begun);
  }

  /** Connections that stay open, with the beginning of something on each. */
  private static void hold(Attacker attacker, int port, String begun) throws InterruptedException {
    for (int i = 0; i < CONNECTIONS && !attacker.isOver(); i++) {
      try {
        send(attacker.socketTo(port), begun);
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
            Socket socket = attacker.socketTo(attacker.target().consolePort());
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
