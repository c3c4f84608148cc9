package dev.dueline.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A Redis client for the tests: one inline command a connection. */
final class Inline {
  private Inline() {}

  /** The last line of the reply to a command. */
  static String call(URI redis, String command, int replyLines) throws IOException {
    try (Socket socket = new Socket(redis.getHost(), redis.getPort())) {
      String password = redis.getUserInfo().substring(1);
      String lines = "AUTH " + password + "\r\n" + command + "\r\n";
      socket.getOutputStream().write(lines.getBytes(StandardCharsets.US_ASCII));
      BufferedReader replies =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      replies.readLine();
      String line = "";
      for (int i = 0; i < replyLines; i++) {
        line = replies.readLine();
      }
      return line;
    }
  }

  static void set(EmbeddedRedis redis, String key, String value) throws IOException {
    call(redis.hosts(), "SET " + key + " " + value, 1);
  }

  static String get(EmbeddedRedis redis, String key) throws IOException {
    return call(redis.hosts(), "GET " + key, 2);
  }

  static String config(EmbeddedRedis redis, String name) throws IOException {
    return call(redis.hosts(), "CONFIG GET " + name, 5);
  }
}
