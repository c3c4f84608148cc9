package dev.dueline.client.conformance;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.dueline.client.DuelineException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the runner and the program say to each other: one JSON object a line. */
record Message(JsonObject fields) {
  private static final Gson GSON = new Gson();

  static Message parse(String line) {
    return new Message(GSON.fromJson(line, JsonObject.class));
  }

  boolean has(String name) {
    return fields.has(name) && !fields.get(name).isJsonNull();
  }

  String text(String name) {
    return has(name) ? fields.get(name).getAsString() : "";
  }

  int number(String name, int missing) {
    return has(name) ? fields.get(name).getAsInt() : missing;
  }

  boolean isTrue(String name) {
    return has(name) && fields.get(name).getAsBoolean();
  }

  Duration time(String name, Duration missing) {
    return has(name) ? Duration.ofMillis(fields.get(name).getAsLong()) : missing;
  }

  List<String> list(String name) {
    List<String> values = new ArrayList<>();
    if (has(name)) {
      fields.getAsJsonArray(name).forEach(each -> values.add(each.getAsString()));
    }
    return values;
  }

  Map<String, String> map(String name) {
    Map<String, String> values = new TreeMap<>();
    if (has(name)) {
      for (Map.Entry<String, JsonElement> each : fields.getAsJsonObject(name).entrySet()) {
        values.put(each.getKey(), each.getValue().getAsString());
      }
    }
    return values;
  }

  /** A failure as the runner reads it; null: there was none. */
  static @Nullable Map<String, Object> error(@Nullable Throwable failure) {
    if (failure == null) {
      return null;
    }
    Throwable cause = failure;
    while (cause instanceof java.util.concurrent.CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    DuelineException call = DuelineException.of(cause);
    return Map.of(
        "code", call.code().name(),
        "reason", call.reason(),
        "message", String.valueOf(call.getMessage()));
  }

  /** Writes one line. */
  static void write(PrintStream out, Map<String, Object> fields) {
    String line = GSON.newBuilder().serializeNulls().create().toJson(fields);
    synchronized (out) {
      out.println(line);
      out.flush();
    }
  }
}
