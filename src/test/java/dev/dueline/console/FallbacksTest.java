package dev.dueline.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sign-in and refusals are rendered beside the event loop, and so many of them at once. */
class FallbacksTest {
  private static final int MOST = 16;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final TestConsole console = TestConsole.guarded();

  @AfterEach
  void stop() {
    console.close();
  }

  @ParameterizedTest
  @CsvSource({"/login,200,503", "/static/none,404,404", "/events,401,401"})
  void beyondThemOneIsALineOfText(String path, int page, int line) throws Exception {
    Runnable release = console.holdPages();
    List<CompletableFuture<HttpResponse<String>>> asked =
        Stream.generate(() -> console.ask(path)).limit(MOST + 1).toList();
    HttpResponse<String> first = any(asked);
    assertThat(first.headers().firstValue("Content-Type")).hasValue("text/plain; charset=utf-8");
    assertThat(first.statusCode()).isEqualTo(line);
    assertThat(asked).filteredOn(CompletableFuture::isDone).hasSize(1);
    release.run();
    for (CompletableFuture<HttpResponse<String>> each : asked) {
      HttpResponse<String> answer = each.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
      assertThat(answer.statusCode()).isEqualTo(answer == first ? line : page);
      assertThat(answer == first || answer.body().contains("<title>")).isTrue();
    }
  }

  private static HttpResponse<String> any(List<CompletableFuture<HttpResponse<String>>> asked)
      throws Exception {
    return CompletableFuture.anyOf(asked.toArray(CompletableFuture[]::new))
        .thenApply(
            done ->
                asked.stream().filter(CompletableFuture::isDone).findFirst().orElseThrow().join())
        .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
  }
}
