package dev.dueline.store.redis.topology;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A server that names the primary that it is told to, whatever the truth is. */
final class FakeSentinel implements AutoCloseable {
  private final ServerSocket server;
  private volatile int primary;
  private volatile long epoch;

  FakeSentinel(int primary, long epoch) throws IOException {
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.primary = primary;
    this.epoch = epoch;
    daemon(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** From now on it names another. */
  void name(int primary, long epoch) {
    this.primary = primary;
    this.epoch = epoch;
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        daemon(() -> serve(socket));
      } catch (IOException e) {
        if (!server.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      OutputStream out = socket.getOutputStream();
      for (String head = in.readLine(); head != null; head = in.readLine()) {
        List<String> words = new ArrayList<>();
        for (int i = Integer.parseInt(head.substring(1)); i > 0; i--) {
          in.readLine();
          words.add(in.readLine());
        }
        out.write(reply(words).getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      // The gateway hung up.
      return;
    }
  }

  private String reply(List<String> words) {
    return switch (words.get(0).toUpperCase(Locale.ROOT)) {
      case "PING" -> "+PONG\r\n";
      case "SENTINEL" ->
          "*6\r\n"
              + bulk("ip")
              + bulk("127.0.0.1")
              + bulk("port")
              + bulk(Integer.toString(primary))
              + bulk("config-epoch")
              + bulk(Long.toString(epoch));
      default -> "-ERR unknown command\r\n";
    };
  }

  private static String bulk(String text) {
    return "$" + text.length() + "\r\n" + text + "\r\n";
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "fake sentinel");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
