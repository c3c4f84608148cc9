package dev.dueline.store.queue;

import dev.dueline.job.QueueName;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many shards a queue gets when it is created. Immutable. */
public final class ShardPlan {
  /** Most shards of one queue. */
  public static final int MAX_SHARDS = 1024;

  private static final Pattern RULE = Pattern.compile("([A-Za-z0-9._:/*-]+)=([0-9]{1,4})");

  private final List<Rule> rules;
  private final int otherwise;

  private record Rule(Pattern names, int shards) {}

  /**
   * A plan.
   *
   * @param otherwise for queues that no rule names
   * @param rules each {@code PATTERN=SHARDS}, where {@code *} in the pattern stands for any text;
   *     the first that fits a queue's name holds
   * @throws IllegalArgumentException if a rule has another form, or asks for less than 1 or more
   *     than 1,024 shards
   */
  public ShardPlan(int otherwise, List<String> rules) {
    this.otherwise = checked(otherwise, "dueline.queues.shards=" + otherwise);
    this.rules = new ArrayList<>();
    for (String rule : rules) {
      Matcher matcher = RULE.matcher(rule.strip());
      if (!matcher.matches()) {
        throw new IllegalArgumentException(
            "dueline.queues.shards-by-name: \"" + rule + "\" is not like orders-*=8");
      }
      Pattern names =
          Pattern.compile(Pattern.quote(matcher.group(1)).replace("*", "\\E.*\\Q"), Pattern.DOTALL);
      int shards =
          checked(Integer.parseInt(matcher.group(2)), "dueline.queues.shards-by-name: " + rule);
      this.rules.add(new Rule(names, shards));
    }
  }

  /** The number for a queue of this name. */
  public int shardsOf(QueueName queue) {
    return rules.stream()
        .filter(rule -> rule.names.matcher(queue.value()).matches())
        .mapToInt(Rule::shards)
        .findFirst()
        .orElse(otherwise);
  }

  private static int checked(int shards, String where) {
    if (shards < 1 || shards > MAX_SHARDS) {
      throw new IllegalArgumentException(where + ": a queue has 1 to " + MAX_SHARDS + " shards");
    }
    return shards;
  }
}
