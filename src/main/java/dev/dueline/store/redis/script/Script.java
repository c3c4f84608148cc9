package dev.dueline.store.redis.script;

import dev.dueline.store.redis.layout.RecordLayout;
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
  HEARTBEAT,
  CLAIMED,
  SWEEP,
  PAUSE,
  LIMIT,
  STATS,
  COUNT,
  PURGE,
  REDRIVE,
  PRESENT,
  WATCHING,
  RENEW,
  DELIVER,
  ENTER,
  LAYOUT,
  INDEX,
  CLOSE,
  CLEAR,
  REOPEN,
  RETRACT,
  IDLE,
  REMOVE,
  TURN,
  FEED,
  TYPES,
  NEXT;

  /** Before the names of the fragments, in the head of a script. */
  private static final String LIB = "-- Lib ";

  private final String title = name().toLowerCase(Locale.ROOT);
  private final String text = assemble(load(title));
  private final String sha = sha1(text);

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

  /** The text that Redis runs of a script: with what it uses of what its head names in front. */
  public static String assemble(String script) {
    StringBuilder text =
        new StringBuilder("local LAYOUT = ")
            .append(RecordLayout.NUMBER)
            .append('\n')
            .append(load("lib/prelude"));
    for (String line : script.split("\n", -1)) {
      if (line.startsWith(LIB)) {
        for (String name : line.substring(LIB.length()).strip().split(", ", -1)) {
          text.append(load("lib/" + name));
        }
      }
    }
    return ScriptText.of(text.append(script).toString());
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
