package dev.dueline.cli.completion;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Completions for fish: a line for each command, and for each option of a command. */
final class FishScript {
  private final StringBuilder script = new StringBuilder();
  private final CommandSpec root;

  private FishScript(CommandSpec root) {
    this.root = root;
  }

  static String of(CommandSpec root) {
    FishScript fish = new FishScript(root);
    fish.script.append("complete -c ").append(root.name()).append(" -f\n");
    fish.add(root, "__fish_use_subcommand");
    return fish.script.toString();
  }

  /** Adds what may follow a command, where the condition says that it was given. */
  private void add(CommandSpec command, String condition) {
    command.options().stream().filter(option -> !option.hidden()).forEach(o -> add(o, condition));
    command.subcommands().values().stream()
        .map(each -> each.getCommandSpec())
        .filter(each -> !each.usageMessage().hidden())
        .forEach(
            each -> {
              line(condition, "-a " + each.name(), each.usageMessage().description());
              add(each, within(each));
            });
  }

  /** The words of a command are there, and none that leads elsewhere from the same place. */
  private static String within(CommandSpec command) {
    List<String> conditions = new ArrayList<>();
    List<CommandSpec> path = new ArrayList<>();
    for (CommandSpec each = command; each.parent() != null; each = each.parent()) {
      path.add(0, each);
    }
    path.forEach(each -> conditions.add("__fish_seen_subcommand_from " + each.name()));
    String below = names(command);
    if (!below.isEmpty()) {
      conditions.add("not __fish_seen_subcommand_from " + below);
    }
    String groups =
        command.parent().subcommands().values().stream()
            .map(each -> each.getCommandSpec())
            .filter(each -> each != command && !each.subcommands().isEmpty())
            .map(CommandSpec::name)
            .collect(Collectors.joining(" "));
    if (!groups.isEmpty()) {
      conditions.add("not __fish_seen_subcommand_from " + groups);
    }
    return String.join("; and ", conditions);
  }

  private static String names(CommandSpec command) {
    return String.join(" ", command.subcommands().keySet());
  }

  private void add(OptionSpec option, String condition) {
    for (String name : option.names()) {
      String word = name.startsWith("--") ? "-l " + name.substring(2) : "-s " + name.substring(1);
      boolean takesValue = option.arity().max() > 0;
      boolean isFile = option.paramLabel().equals("FILE");
      line(
          condition,
          word + (takesValue ? " -r" : "") + (isFile ? " -F" : ""),
          option.description());
    }
  }

  private void line(String condition, String what, String[] description) {
    script
        .append("complete -c ")
        .append(root.name())
        .append(" -n ")
        .append(quote(condition))
        .append(' ')
        .append(what);
    if (description.length > 0) {
      script.append(" -d ").append(quote(firstSentence(description[0])));
    }
    script.append('\n');
  }

  private static String firstSentence(String text) {
    return text.replaceAll("\\$\\{[^}]*}", "…").split("(?<=[.:;]) ", 2)[0].replaceAll("[:;]$", "");
  }

  private static String quote(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
