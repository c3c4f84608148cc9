package dev.dueline.console.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The fields of a query or a form, {@code application/x-www-form-urlencoded}. */
public final class Parameters {
  /** No fields. */
  public static final Parameters NONE = new Parameters(Map.of());

  /** Most fields: as many jobs as can be chosen at once, and what goes with them. */
  private static final int MAX_FIELDS = 1_050;

  private final Map<String, List<String>> values;

  private Parameters(Map<String, List<String>> values) {
    this.values = values;
  }

  /** Reads fields; empty if they are malformed, no UTF-8, or too many. */
  static Optional<Parameters> parse(String text) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    int fields = 0;
    for (int from = 0; from < text.length(); ) {
      int end = text.indexOf('&', from);
      end = end < 0 ? text.length() : end;
      if (end > from) {
        String pair = text.substring(from, end);
        int is = pair.indexOf('=');
        Optional<String> name = decode(is < 0 ? pair : pair.substring(0, is));
        Optional<String> value = decode(is < 0 ? "" : pair.substring(is + 1));
        if (name.isEmpty() || value.isEmpty() || ++fields > MAX_FIELDS) {
          return Optional.empty();
        }
        values.computeIfAbsent(name.get(), key -> new ArrayList<>()).add(value.get());
      }
      from = end + 1;
    }
    return Optional.of(new Parameters(values));
  }

  /** The first value of a field without space around it; empty: there is none. */
  public String get(String name) {
    return raw(name).strip();
  }

  /** The first value of a field as it came; empty: there is none. */
  public String raw(String name) {
    List<String> all = values.getOrDefault(name, List.of());
    return all.isEmpty() ? "" : all.get(0);
  }

  /** All values of a field. */
  public List<String> all(String name) {
    return values.getOrDefault(name, List.of());
  }

  /** Whether a box was ticked. */
  public boolean has(String name) {
    return values.containsKey(name);
  }

  private static Optional<String> decode(String text) {
    byte[] bytes = new byte[text.length()];
    int length = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
        int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
        if (high < 0 || low < 0) {
          return Optional.empty();
        }
        bytes[length++] = (byte) (high << 4 | low);
        i += 2;
      } else if (c < 0x80) {
        bytes[length++] = (byte) (c == '+' ? ' ' : c);
      } else {
        return Optional.empty();
      }
    }
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
