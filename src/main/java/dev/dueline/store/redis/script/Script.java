package dev.dueline.store.redis.script;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** The scripts, one for each transition; {@code resources/lua} has a file for each. */
public enum Script {
  SCHEDULE,
  CANCEL,
  RESCHEDULE,
  READ,
  LIST,
  CLAIM,
  ACK,
  RELEASE,
  EXTEND,
  EXPIRED,
  LEASED,
  CANARY,
  CLAIMED,
  SWEEP,
  TRIM,
  PAUSE,
  LIMIT,
  STATS,
  PURGE,
  REDRIVE,
  PRESENT,
  SERIES,
  RENEW,
  DELIVER,
  /** These two take the registry of queues and its names, and no shard. */
  ENTER,
  INDEX,
  /** The only one that takes the stream of a shard, too. */
  FEED;

  private final String text =
      load("prelude")
          + load("records")
          + load("limits")
          + (movesToStream() ? load("entries") : "")
          + load(name().toLowerCase(Locale.ROOT));
  private final String sha = sha1(text);
  private final String title = name().toLowerCase(Locale.ROOT);

  /** What people call it: the name of its file. */
  public String title() {
    return title;
  }

  /** The whole text that Redis runs. */
  public String text() {
    return text;
  }

  /** The name under which Redis caches the text. */
  public String sha() {
    return sha;
  }

  /** Whether it takes the stream of the shard, behind the keys that all scripts take. */
  boolean movesToStream() {
    return name().equals("FEED");
  }

  private static String load(String name) {
    String path = "/lua/" + name + ".lua";
    try (InputStream in = Script.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("missing resource " + path);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha1(String text) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
