package dev.dueline.store.redis.script;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the head of a script says of its keys and arguments, a line each: {@code KEYS[1] name}, and
 * {@code ARGV[2] name unit}, or {@code ARGV[2+3i] name unit} in a group that is repeated.
 */
record ScriptHead(List<String> keys, List<Argument> arguments, String text) {
  private static final Path LUA = Path.of("src/main/resources/lua");
  private static final Pattern KEY = Pattern.compile("-- KEYS\\[(\\d+)]\\s+(\\w+)\\b.*");
  private static final Pattern ARGUMENT =
      Pattern.compile("-- ARGV\\[(\\d+)(?:\\+(\\d*)i)?]\\s+(\\w+)\\s+(\\w+)\\b.*");

  /**
   * One argument.
   *
   * @param position in ARGV; of the first repetition
   * @param stride to the next repetition; 0: it is not repeated
   */
  record Argument(int position, int stride, String name, String unit) {}

  /** The head of a file in the folder of the scripts. */
  static ScriptHead of(String name) {
    try {
      return of(Files.readAllLines(LUA.resolve(name + ".lua")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ScriptHead of(List<String> script) {
    List<String> head = script.stream().takeWhile(line -> line.startsWith("--")).toList();
    List<String> keys = new ArrayList<>();
    List<Argument> arguments = new ArrayList<>();
    for (String line : head) {
      Matcher key = KEY.matcher(line);
      Matcher argument = ARGUMENT.matcher(line);
      if (key.matches()) {
        keys.add(key.group(2));
      } else if (argument.matches()) {
        arguments.add(argument(argument));
      } else if (line.startsWith("-- KEYS") || line.startsWith("-- ARGV")) {
        throw new AssertionError("not like ARGV[2] name unit: " + line);
      }
    }
    return new ScriptHead(keys, arguments, String.join(" ", head).replaceAll("\\s+--\\s+", " "));
  }

  private static Argument argument(Matcher line) {
    String stride = line.group(2);
    int step = stride == null ? 0 : stride.isEmpty() ? 1 : Integer.parseInt(stride);
    return new Argument(Integer.parseInt(line.group(1)), step, line.group(3), line.group(4));
  }
}
