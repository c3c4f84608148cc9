package dev.dueline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.cli.dev.DevOptions;
import dev.dueline.cli.text.Console;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DevCommandTest {
  private final List<DevOptions> started = new ArrayList<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void startsTheServiceAsItIsTold() {
    assertThat(run("dev")).isZero();
    assertThat(run("dev", "--port", "0", "--data-dir", "jobs", "--test-clock")).isZero();
    assertThat(started)
        .containsExactly(
            new DevOptions(Optional.empty(), Optional.empty(), false, false),
            new DevOptions(Optional.of(0), Optional.of(Path.of("jobs")), true, false));
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aClockThatMovesByItselfMoves() {
    assertThat(run("dev", "--auto-advance")).isZero();
    assertThat(started)
        .containsExactly(new DevOptions(Optional.empty(), Optional.empty(), true, true));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--port=-1", "--port=65536", "--port=any", "--clock", "twice"})
  void startsNothingThatItDoesNotUnderstand(String argument) {
    assertThat(run("dev", argument)).isEqualTo(2);
    assertThat(started).isEmpty();
    assertThat(err.toString()).contains("see dueline dev --help");
  }

  @Test
  void explainsItself() {
    assertThat(run("dev", "--help")).isZero();
    assertThat(out.toString()).contains("--port", "--data-dir", "--test-clock", "--auto-advance");
    assertThat(started).isEmpty();
  }

  private int run(String... args) {
    Console console =
        new Console(InputStream.nullInputStream(), new PrintWriter(out), new PrintWriter(err));
    return Dueline.run(console, new Dueline.ServiceSide(started::add, (query, out) -> 1), args);
  }
}
