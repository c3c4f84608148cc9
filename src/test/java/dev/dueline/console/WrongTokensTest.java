package dev.dueline.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whoever tries tokens may do so as often as by the API; who has a good one is let in. */
class WrongTokensTest {
  private static final int MOST = 3;

  private final TestConsole console = TestConsole.guarded(MOST);

  @AfterEach
  void stop() {
    console.close();
  }

  @Test
  void theFormTakesSoMany() {
    counts(() -> console.post("/login", List.of("token", "wrong")), 401);
    assertThat(console.post("/login", List.of("token", "all")).statusCode()).isEqualTo(303);
  }

  @Test
  void soManyBearersAreLookedAt() {
    counts(() -> console.get("/", "Authorization", "Bearer wrong"), 303);
    assertThat(console.get("/settings", "Authorization", "Bearer all").statusCode()).isEqualTo(200);
  }

  @Test
  void soManyCookiesAreLookedAt() {
    counts(() -> console.get("/", "Cookie", "dueline=AQIDBA"), 303);
  }

  @Test
  void allCountTogetherAndEventsToo() {
    console.post("/login", List.of("token", ""));
    console.get("/", "Authorization", "Basic d3Jvbmc=");
    assertThat(console.get("/events", "Cookie", "dueline=AQIDBA").statusCode()).isEqualTo(401);
    assertThat(console.get("/events", "Cookie", "dueline=AQIDBA").statusCode()).isEqualTo(429);
  }

  @Test
  void whoHasNoneIsAskedAgainAndAgain() {
    for (int i = 0; i < 2 * MOST; i++) {
      assertThat(console.get("/").statusCode()).isEqualTo(303);
      assertThat(console.get("/login").statusCode()).isEqualTo(200);
    }
    assertThat(console.post("/login", List.of("token", "wrong")).statusCode()).isEqualTo(401);
  }

  private static void counts(Supplier<HttpResponse<String>> attempt, int status) {
    for (int i = 0; i < MOST; i++) {
      assertThat(attempt.get().statusCode()).isEqualTo(status);
    }
    HttpResponse<String> refused = attempt.get();
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("Connection")).hasValue("close");
  }
}
