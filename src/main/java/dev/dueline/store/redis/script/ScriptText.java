package dev.dueline.store.redis.script;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Redis runs of a script and its fragments: without functions that the script does not use,
 * and with constants in their places. Redis makes each function of a script, and each variable that
 * one of them knows, anew with every call; for the shared fragments that were a quarter of what a
 * call for one job costs.
 *
 * <p>It knows Lua as the files here are written: a function of a fragment begins with {@code local
 * function} at the start of a line, and ends on that line or with the next {@code end} at the start
 * of one; a constant has a name in capitals and is a whole number or a text in single quotes;
 * comments are lines of their own.
 */
final class ScriptText {
  private static final Pattern TOKEN = Pattern.compile("'[^'\n]*'|\\b[A-Za-z_]\\w*\\b");
  private static final Pattern FUNCTION = Pattern.compile("local function (\\w+).*");
  private static final String NAME = "[A-Z][A-Z0-9_]*";
  private static final String LITERAL = "(?:-?\\d+|'[^']*')";
  private static final Pattern CONSTANTS =
      Pattern.compile("local (%1$s(?:, %1$s)*) = (%2$s(?:, %2$s)*)".formatted(NAME, LITERAL));
  private static final Pattern VALUE = Pattern.compile(LITERAL);

  /**
   * Lines that stay or go together.
   *
   * @param function the function that they are; empty: they stay
   */
  private record Block(String function, List<String> lines) {}

  private ScriptText() {}

  /** The text to run of fragments and, behind them, a script. */
  static String of(String source) {
    Map<String, String> constants = new HashMap<>();
    StringBuilder text = new StringBuilder();
    for (Block block : used(blocks(source))) {
      for (String line : block.lines) {
        Matcher definition = CONSTANTS.matcher(line);
        if (definition.matches()) {
          addConstants(constants, definition);
        } else {
          text.append(withValues(line, constants)).append('\n');
        }
      }
    }
    return text.toString();
  }

  private static List<Block> blocks(String source) {
    List<Block> blocks = new ArrayList<>();
    List<String> open = new ArrayList<>();
    for (String line : source.split("\n", -1)) {
      Matcher function = FUNCTION.matcher(line);
      if (line.isBlank() || line.strip().startsWith("--")) {
        continue;
      }
      if (!open.isEmpty()) {
        open.add(line);
        if (line.equals("end")) {
          open = new ArrayList<>();
        }
      } else if (function.matches()) {
        List<String> lines = new ArrayList<>(List.of(line));
        blocks.add(new Block(function.group(1), lines));
        open = line.endsWith(" end") ? new ArrayList<>() : lines;
      } else {
        blocks.add(new Block("", List.of(line)));
      }
    }
    return blocks;
  }

  /**
   * A function knows those before it only, so that one look from behind finds all that are used.
   */
  private static Iterable<Block> used(List<Block> blocks) {
    Deque<Block> used = new ArrayDeque<>();
    Set<String> names = new HashSet<>();
    for (int i = blocks.size() - 1; i >= 0; i--) {
      Block block = blocks.get(i);
      if (block.function.isEmpty() || names.contains(block.function)) {
        used.addFirst(block);
        block.lines.forEach(
            line -> TOKEN.matcher(line).results().forEach(t -> names.add(t.group())));
      }
    }
    return used;
  }

  private static void addConstants(Map<String, String> constants, Matcher definition) {
    String[] names = definition.group(1).split(", ", -1);
    List<String> values =
        VALUE.matcher(definition.group(2)).results().map(MatchResult::group).toList();
    if (names.length != values.size()) {
      throw new IllegalStateException("as many values as names: " + definition.group());
    }
    for (int i = 0; i < names.length; i++) {
      constants.put(names[i], values.get(i));
    }
  }

  private static String withValues(String line, Map<String, String> constants) {
    return TOKEN
        .matcher(line)
        .replaceAll(
            token ->
                Matcher.quoteReplacement(constants.getOrDefault(token.group(), token.group())));
  }
}
