package dev.dueline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompletionTest {
  private static final String NOBODY = "127.0.0.1:1";

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh"})
  void printsAScriptForShellsLikeBash(String shell) {
    CommandRun run = CommandRun.of(NOBODY, "", "completion", shell);
    assertThat(run.exitCode()).isZero();
    assertThat(String.join("\n", run.out()))
        .contains("complete -F _complete_dueline", "--from-file", "redrive");
  }

  @Test
  void printsAScriptForFish() {
    CommandRun run = CommandRun.of(NOBODY, "", "completion", "fish");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("complete -c dueline -f")
        .anyMatch(line -> line.contains("-n '__fish_use_subcommand' -a schedule -d 'Stores"))
        .anyMatch(
            line ->
                line.contains("__fish_seen_subcommand_from queue; and __fish_seen_subcommand_from")
                    && line.contains("-l yes"));
  }

  @Test
  void knowsNoOtherShell() {
    assertThat(CommandRun.of(NOBODY, "", "completion", "csh").exitCode()).isEqualTo(2);
  }
}
