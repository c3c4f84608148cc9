package dev.dueline.system.process;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One command on a connection of its own: for servers that come and go, where a client that keeps
 * connections would have to be told.
 */
public final class RespCall {
  private RespCall() {}

  /**
   * Says it to the server on 127.0.0.1.
   *
   * @param timeout for the connection, and for each part of the reply
   * @return the reply: a String, a Long, null, or a List of such
   * @throws IOException if there is no reply, or an error is the reply
   */
  public static Object to(int port, Duration timeout, String... words) throws IOException {
    return to(port, timeout, List.of(List.of(words)));
  }

  /** The same by a user, with a password. */
  public static Object as(String user, String password, int port, Duration timeout, String... words)
      throws IOException {
    return to(port, timeout, List.of(List.of("AUTH", user, password), List.of(words)));
  }

  private static Object to(int port, Duration timeout, List<List<String>> commands)
      throws IOException {
    int timeoutMs = Math.toIntExact(timeout.toMillis());
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(timeoutMs);
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port), Math.max(1, timeoutMs));
      DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
      Object last = null;
      for (List<String> words : commands) {
        socket.getOutputStream().write(request(words));
        last = reply(in);
      }
      return last;
    }
  }

  private static byte[] request(List<String> words) {
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(bytes("*" + words.size() + "\r\n"));
    for (String word : words) {
      byte[] value = bytes(word);
      request.writeBytes(bytes("$" + value.length + "\r\n"));
      request.writeBytes(value);
      request.writeBytes(bytes("\r\n"));
    }
    return request.toByteArray();
  }

  private static Object reply(DataInputStream in) throws IOException {
    String line = line(in);
    String rest = line.substring(1);
    return switch (line.charAt(0)) {
      case '+' -> rest;
      case ':' -> Long.valueOf(rest);
      case '-' -> throw new IOException("Redis says " + rest);
      case '$' -> bulk(in, Integer.parseInt(rest));
      case '*' -> list(in, Integer.parseInt(rest));
      default -> throw new IOException("not a reply: " + line);
    };
  }

  private static String bulk(DataInputStream in, int length) throws IOException {
    if (length < 0) {
      return null;
    }
    byte[] value = in.readNBytes(length);
    line(in);
    return new String(value, StandardCharsets.UTF_8);
  }

  private static List<Object> list(DataInputStream in, int length) throws IOException {
    List<Object> found = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      found.add(reply(in));
    }
    return found;
  }

  private static String line(DataInputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the server hung up");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
