package dev.dueline.cli.completion;

import dev.dueline.cli.remote.ExitCode;
import dev.dueline.cli.text.Console;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what makes a shell complete this command line. */
@Command(
    name = "completion",
    description = {
      "Prints a script that makes a shell complete commands and options.",
      "bash: source <(dueline completion bash), in ~/.bashrc",
      "zsh: source <(dueline completion zsh), in ~/.zshrc behind compinit",
      "fish: dueline completion fish > ~/.config/fish/completions/dueline.fish"
    })
public final class CompletionCommand implements Callable<Integer> {
  /** The shells that there are scripts for. */
  enum Shell {
    bash,
    zsh,
    fish
  }

  private final Console console;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}.")
  private Shell shell = Shell.bash;

  /** A command on these streams. */
  public CompletionCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    CommandSpec root = spec.root();
    String script =
        switch (shell) {
          // The script of bash turns to what zsh has for such scripts.
          case bash, zsh -> AutoComplete.bash(root.name(), root.commandLine());
          case fish -> FishScript.of(root);
        };
    console.out().print(script);
    return ExitCode.DONE;
  }
}
