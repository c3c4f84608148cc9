package dev.dueline.cli;

import dev.dueline.cli.remote.Batches;
import dev.dueline.cli.remote.ExitCode;
import dev.dueline.cli.text.Console;
import dev.dueline.cli.text.Line;
import dev.dueline.cli.text.Words;
import dev.dueline.v1.LeaseOutcome;
import java.util.List;
import java.util.function.Function;

/** What became of lease tokens: a line each, and the exit code for all of them. */
final class LeaseReport {
  private static final Words<LeaseOutcome> OUTCOMES = Words.of(LeaseOutcome.class);

  private final Console console;

  LeaseReport(Console console) {
    this.console = console;
  }

  /** Makes as many calls as the tokens need; {@link ExitCode#DONE} when every one is well. */
  int of(List<String> tokens, Function<List<String>, List<LeaseOutcome>> call) {
    boolean allWell = true;
    for (List<String> batch : Batches.of(tokens)) {
      List<LeaseOutcome> outcomes = call.apply(batch);
      for (int i = 0; i < batch.size(); i++) {
        console.out().println(Line.of(OUTCOMES.format(outcomes.get(i)), batch.get(i)));
        allWell &= outcomes.get(i) == LeaseOutcome.LEASE_OUTCOME_OK;
      }
    }
    return allWell ? ExitCode.DONE : ExitCode.REFUSED;
  }
}
