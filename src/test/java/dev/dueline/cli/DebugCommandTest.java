package dev.dueline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.cli.debug.ShardQuery;
import dev.dueline.cli.text.Console;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DebugCommandTest {
  private final List<ShardQuery> asked = new ArrayList<>();
  private final StringWriter err = new StringWriter();

  @Test
  void asksForWhatItIsTold() {
    assertThat(run("debug", "shard", "mail", "--redis", "redis://r:1")).isEqualTo(1);
    assertThat(
            run(
                "debug",
                "shard",
                "mail",
                "3",
                "--redis=redis://r:1,redis://r:2",
                "--redis-type=sentinel",
                "--redis-master=main",
                "--timeout=3s",
                "--job=\\u{2d}a",
                "--first=50",
                "--payload"))
        .isEqualTo(1);
    assertThat(asked)
        .containsExactly(
            new ShardQuery(
                new ShardQuery.Redis(
                    "redis://r:1", "standalone", "mymaster", Duration.ofSeconds(10)),
                "mail",
                Optional.empty(),
                Optional.empty(),
                10,
                false),
            new ShardQuery(
                new ShardQuery.Redis(
                    "redis://r:1,redis://r:2", "sentinel", "main", Duration.ofSeconds(3)),
                "mail",
                Optional.of(3),
                Optional.of("-a"),
                50,
                true));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--first=0", "--first=1001", "--first=any", "-1", "65536", "--shards"})
  void asksForNothingThatItDoesNotUnderstand(String argument) {
    assertThat(run("debug", "shard", "mail", argument)).isEqualTo(2);
    assertThat(asked).isEmpty();
    assertThat(err.toString()).contains("see dueline debug shard --help");
  }

  private int run(String... args) {
    Console console =
        new Console(
            InputStream.nullInputStream(),
            new PrintWriter(new StringWriter()),
            new PrintWriter(err));
    Dueline.ServiceSide service =
        new Dueline.ServiceSide(
            options -> {
              throw new UnsupportedOperationException("starts no service here");
            },
            (query, out) -> {
              asked.add(query);
              return 1;
            });
    return Dueline.run(console, service, args);
  }
}
