package dev.dueline.cli;

import dev.dueline.cli.remote.Batches;
import dev.dueline.cli.remote.ExitCode;
import dev.dueline.cli.text.Fields;
import dev.dueline.cli.text.Words;
import dev.dueline.v1.LeaseOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import picocli.CommandLine.Parameters;

/** The leases that a command is about, by their tokens. */
final class LeaseTokens {
  private static final Words<LeaseOutcome> OUTCOMES = Words.of(LeaseOutcome.class);

  @Parameters(
      arity = "1..*",
      paramLabel = "TOKEN",
      description = "Lease tokens, as watch prints them.")
  private List<String> tokens = new ArrayList<>();

  /**
   * Makes as many calls as the tokens need, and prints of each token what became of it.
   *
   * @return {@link ExitCode#DONE} when every one is well
   */
  int each(Consumer<Fields> print, Function<List<String>, List<LeaseOutcome>> call) {
    boolean allWell = true;
    for (List<String> batch : Batches.of(tokens)) {
      List<LeaseOutcome> outcomes = call.apply(batch);
      for (int i = 0; i < batch.size(); i++) {
        print.accept(
            new Fields()
                .add("outcome", OUTCOMES.format(outcomes.get(i)))
                .add("lease_token", batch.get(i)));
        allWell &= outcomes.get(i) == LeaseOutcome.LEASE_OUTCOME_OK;
      }
    }
    return allWell ? ExitCode.DONE : ExitCode.REFUSED;
  }
}
