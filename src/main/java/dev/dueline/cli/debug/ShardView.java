package dev.dueline.cli.debug;

import dev.dueline.cli.text.Console;

/** Looks into Redis, of which the command line knows nothing. */
@FunctionalInterface
public interface ShardView {
  /**
   * Prints what was asked for; changes nothing.
   *
   * @return an exit code
   */
  int print(ShardQuery query, Console console);
}
