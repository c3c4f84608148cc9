package dev.dueline.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in, from where, and what a principal that may only look is refused. */
class AccessTest {
  private static final String ACTIONS = "dev.dueline.console.ActionForms#paths";

  private static TestConsole console;
  private static List<Object> before = List.of();

  @BeforeAll
  static void start() {
    console = TestConsole.guarded();
    ActionForms.fill(console);
    before = ActionForms.state(console);
  }

  @AfterAll
  static void stop() {
    console.close();
  }

  @ParameterizedTest
  @MethodSource(ACTIONS)
  void whoMayOnlyLookIsRefusedEachActionByHand(String action) {
    HttpResponse<String> answer =
        console.post(action, ActionForms.fields(action), "Authorization", "Bearer reader");
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(ActionForms.state(console)).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource(ACTIONS)
  void whoMayDoAllDoesWhatOthersAreRefused(String action) {
    try (TestConsole other = TestConsole.guarded()) {
      ActionForms.fill(other);
      if (action.equals("/queue/resume")) {
        other.post("/queue/pause", ActionForms.fields(action), "Authorization", "Bearer all");
      }
      List<Object> untouched = ActionForms.state(other);
      HttpResponse<String> answer =
          other.post(action, ActionForms.fields(action), "Authorization", "Bearer all");
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(ActionForms.state(other)).isNotEqualTo(untouched));
    }
  }

  @ParameterizedTest
  @MethodSource(ACTIONS)
  void anotherSiteIsRefusedEachAction(String action) {
    List<String> fields = ActionForms.fields(action);
    for (String site : List.of("cross-site", "same-site", "none")) {
      HttpResponse<String> answer =
          console.send(
              console.form(action, fields).header("Sec-Fetch-Site", site),
              "Authorization",
              "Bearer all");
      assertThat(answer.statusCode()).isEqualTo(403);
    }
    HttpResponse<String> older =
        console.send(
            console.form(action, fields),
            "Authorization",
            "Bearer all",
            "Origin",
            "http://evil.example");
    HttpResponse<String> silent =
        console.send(console.form(action, fields), "Authorization", "Bearer all");
    assertThat(List.of(older.statusCode(), silent.statusCode())).containsOnly(403);
    assertThat(ActionForms.state(console)).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource(ACTIONS)
  void aStrangerIsRefusedEachAction(String action) {
    assertThat(console.post(action, ActionForms.fields(action)).statusCode()).isEqualTo(401);
    assertThat(ActionForms.state(console)).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/queue?queue=own-q",
        "/jobs?queue=own-q",
        "/job?queue=own-q&id=j",
        "/settings"
      })
  void aStrangerIsAskedWhoTheyAre(String path) {
    HttpResponse<String> answer = console.get(path);
    assertThat(answer.statusCode()).isEqualTo(303);
    assertThat(answer.headers().firstValue("Location").orElseThrow()).startsWith("/login?next=");
    assertThat(answer.body()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/queue?queue=others,403",
    "/jobs?queue=others,403",
    "/job?queue=others&id=j,403",
    "/dead?queue=others,403",
    "/history?queue=others,403",
    "/job/payload?queue=own-q&id=j,403",
    "/job?queue=own-q&id=j,200"
  })
  void whoMayLookSeesTheirQueuesAndNoPayloads(String path, int status) {
    HttpResponse<String> answer = console.get(path, "Authorization", "Bearer reader");
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).doesNotContain("secret");
  }

  @Test
  void theOverviewShowsTheQueuesOfItsReader() {
    assertThat(console.get("/", "Authorization", "Bearer reader").body())
        .contains("own-q")
        .doesNotContain("others");
  }

  @Test
  void settingsThatNameQueuesAreForWhoSeesAll() {
    assertThat(console.get("/settings", "Authorization", "Bearer reader").body())
        .contains("dueline.x")
        .doesNotContain("others");
    assertThat(console.get("/settings", "Authorization", "Bearer all").body()).contains("others");
  }

  @Test
  void eventsAreRefusedToAnotherSiteAndNotToABrowserThatNamesNone() {
    assertThat(console.get("/events").statusCode()).isEqualTo(401);
    assertThat(console.get("/events", "Origin", "http://evil.example").statusCode()).isEqualTo(403);
    assertThat(console.get("/events", "Sec-Fetch-Site", "cross-site").statusCode()).isEqualTo(403);
  }

  @Test
  void aTokenBecomesACookieThatIsNoToken() {
    HttpResponse<String> answer =
        console.post("/login", List.of("token", "all", "next", "/queue?queue=own-q"));
    assertThat(answer.statusCode()).isEqualTo(303);
    assertThat(answer.headers().firstValue("Location")).hasValue("/queue?queue=own-q");
    String set = answer.headers().firstValue("Set-Cookie").orElseThrow();
    assertThat(set).contains("HTTPOnly", "SameSite=Strict", "Max-Age=28800", "Path=/");
    String cookie = set.split(";", 2)[0];
    assertThat(console.get("/job?queue=own-q&id=j", "Cookie", cookie).body()).contains("secret");
    String value = cookie.split("=", 2)[1];
    assertThat(console.get("/", "Authorization", "Bearer " + value).statusCode()).isEqualTo(303);
    String changed = (value.charAt(30) == 'A' ? "B" : "A") + value.substring(31);
    assertThat(
            console.get("/", "Cookie", "dueline=" + value.substring(0, 30) + changed).statusCode())
        .isEqualTo(303);
  }

  @Test
  void aCookieHasAnEnd() {
    try (TestConsole other = TestConsole.guarded()) {
      String cookie =
          other
              .post("/login", List.of("token", "all"))
              .headers()
              .firstValue("Set-Cookie")
              .orElseThrow()
              .split(";", 2)[0];
      assertThat(other.get("/settings", "Cookie", cookie).statusCode()).isEqualTo(200);
      other.store.nowMs.addAndGet(8 * 3_600_000);
      assertThat(other.get("/settings", "Cookie", cookie).statusCode()).isEqualTo(303);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"//evil.example", "https://evil.example", "/\\evil.example", "javascript:x"})
  void signingInLeadsNowhereElse(String next) {
    assertThat(
            console
                .post("/login", List.of("token", "all", "next", next))
                .headers()
                .firstValue("Location"))
        .hasValue("/");
  }

  @Test
  void aWrongTokenIsRefusedAndLeavesNoCookie() {
    HttpResponse<String> answer = console.post("/login", List.of("token", "wrong"));
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
  }

  @Test
  void formsAreBounded() {
    assertThat(console.post("/login", List.of("token", "x".repeat(20_000))).statusCode())
        .isEqualTo(413);
    assertThat(
            console
                .post(
                    "/schedule",
                    List.of("queue", "own-q", "payload", "x".repeat(1 << 20)),
                    "Authorization",
                    "Bearer all")
                .statusCode())
        .isEqualTo(413);
  }
}
