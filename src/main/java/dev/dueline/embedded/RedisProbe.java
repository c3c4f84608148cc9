package dev.dueline.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Asks whether a server of ours listens on a port of 127.0.0.1. The password is the proof: it is
 * random, and no other server knows it. Speaks inline commands, which need no client.
 */
final class RedisProbe {
  /** Loading a file, Redis answers only now and then; a stranger on the port may never. */
  private static final int TIMEOUT_MS = 2_000;

  private RedisProbe() {}

  /** What a server says to PING. */
  enum Answer {
    /** It serves. */
    READY,
    /** It is ours and reads its data. */
    LOADING,
    /** Nobody answers, or not as ours would. */
    NONE
  }

  /** Sends one PING. */
  static Answer ping(int port, String password) {
    try (Socket socket = connect(port)) {
      BufferedReader replies = authenticated(socket, password, "PING");
      String reply = replies.readLine();
      if ("+PONG".equals(reply)) {
        return Answer.READY;
      }
      return reply != null && reply.startsWith("-LOADING") ? Answer.LOADING : Answer.NONE;
    } catch (IOException e) {
      return Answer.NONE;
    }
  }

  /**
   * Asks a server to end, and waits until it has.
   *
   * @return false if no server with this password listens on the port
   * @throws EmbeddedRedisException if it does not end in time
   */
  static boolean shutDown(int port, String password, Duration timeout) {
    try (Socket socket = connect(port)) {
      socket.setSoTimeout(Math.toIntExact(timeout.toMillis()));
      BufferedReader replies = authenticated(socket, password, "SHUTDOWN NOSAVE");
      String refusal = replies.readLine();
      if (refusal != null) {
        throw new EmbeddedRedisException(
            "The Redis of an earlier start, on port " + port + ", does not end: " + refusal);
      }
      return true;
    } catch (SocketTimeoutException e) {
      throw new EmbeddedRedisException(
          "The Redis of an earlier start, on port " + port + ", does not end", e);
    } catch (IOException e) {
      return false;
    }
  }

  private static Socket connect(int port) throws IOException {
    Socket socket = new Socket();
    try {
      socket.setSoTimeout(TIMEOUT_MS);
      socket.connect(
          new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port),
          TIMEOUT_MS);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static BufferedReader authenticated(Socket socket, String password, String command)
      throws IOException {
    BufferedReader replies =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    send(socket, "AUTH " + password);
    if (!"+OK".equals(replies.readLine())) {
      throw new IOException("not our server");
    }
    send(socket, command);
    return replies;
  }

  private static void send(Socket socket, String command) throws IOException {
    socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
  }
}
