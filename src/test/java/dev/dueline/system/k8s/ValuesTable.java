package dev.dueline.system.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A table of the chart's values, made from {@code values.yaml}: each key with its default and the
 * comment above it. A comment ends with an empty line.
 */
final class ValuesTable {
  private static final Pattern KEY = Pattern.compile("^( *)([A-Za-z0-9_]+):(.*)$");
  private static final int INDENT = 2;

  private final JsonNode values;
  private final Deque<String> path = new ArrayDeque<>();
  private final List<String> comment = new ArrayList<>();
  private final StringBuilder table = new StringBuilder("| Value | Default | |\n|---|---|---|\n");

  private ValuesTable(JsonNode values) {
    this.values = values;
  }

  /** The table as Markdown. */
  static String of(String yaml) throws IOException {
    ValuesTable table = new ValuesTable(new YAMLMapper().readTree(yaml));
    yaml.lines().forEach(table::add);
    return table.table.toString();
  }

  private void add(String line) {
    Matcher key = KEY.matcher(line);
    if (line.isBlank()) {
      comment.clear();
    } else if (line.strip().startsWith("#")) {
      comment.add(line.strip().replaceFirst("^# ?", ""));
    } else if (key.matches() && isPath(key.group(1).length() / INDENT, key.group(2))) {
      row(!key.group(3).isBlank());
    }
  }

  /** Goes to a key; not if it stands in an element of a list, which its list shows. */
  private boolean isPath(int depth, String name) {
    while (path.size() > depth) {
      path.removeLast();
    }
    if (path.size() < depth) {
      return false;
    }
    path.addLast(name);
    return !value().isMissingNode();
  }

  private JsonNode value() {
    return values.at("/" + String.join("/", path));
  }

  private void row(boolean hasValue) {
    boolean isLeaf = hasValue || !value().isObject();
    if (isLeaf || !comment.isEmpty()) {
      String shown = isLeaf ? "`" + value() + "`" : "";
      String about = String.join(" ", comment).replace("|", "\\|");
      table.append("| `%s` | %s | %s |\n".formatted(String.join(".", path), shown, about));
    }
    comment.clear();
  }
}
