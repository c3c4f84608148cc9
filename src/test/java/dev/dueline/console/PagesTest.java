package dev.dueline.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.console.live.ReplicaFacts;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.NewJob;
import dev.dueline.job.recurrence.Cron;
import dev.dueline.job.recurrence.Recurrence;
import dev.dueline.operation.TestStore;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every page is made of what is there, and shows what clients sent as text and nothing else. */
class PagesTest {
  private static final String EVIL = "<img src=x onerror=alert(1)>\"'&{page.assets}";
  private static final String QUEUE = "own-a/b:c";
  private static final Pattern BAR =
      Pattern.compile("data-from=\"(\\d+)\".* data-count=\"(\\d+)\"");

  private static TestConsole console;

  @BeforeAll
  static void start() {
    console = TestConsole.open();
    TreeMap<String, String> attributes = new TreeMap<>();
    attributes.put(EVIL, EVIL);
    console.schedule(
        QUEUE,
        new NewJob(
            new JobId(EVIL),
            new Due.After(60_000),
            EVIL.getBytes(StandardCharsets.UTF_8),
            attributes,
            null,
            0,
            Recurrence.of(new Cron("0 3 * * *", "Europe/Berlin")),
            null));
    console.schedule(
        QUEUE,
        NewJob.of(new JobId("overdue"), new Due.At(TestStore.START_MS - 60_000), new byte[3]));
  }

  @AfterAll
  static void stop() {
    console.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/?prefix=EVIL",
        "/queue?queue=QUEUE",
        "/queue?queue=QUEUE&range=month&notice=limited&number=0",
        "/jobs",
        "/jobs?queue=QUEUE",
        "/jobs?queue=QUEUE&state=dead&from=2026-11-26T21:00&id=EVIL2",
        "/job?queue=QUEUE&id=EVIL",
        "/dead",
        "/dead?queue=QUEUE",
        "/schedule?queue=QUEUE&payload=EVIL&id=EVIL&cron=EVIL",
        "/settings",
        "/login?next=EVIL"
      })
  void aPageIsMade(String path) {
    String url =
        path.replace("QUEUE", TestConsole.encode(QUEUE)).replace("EVIL", TestConsole.encode(EVIL));
    HttpResponse<String> page = console.get(url);
    assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
    assertThat(page.body()).contains("<title>").doesNotContain("<img src=x", "onerror=alert(1)>");
    assertThat(
            Pattern.compile("<script(?![^>]* src=)|<style|\\son[a-z]+=\"|\\sstyle=\"")
                .matcher(page.body())
                .find())
        .as("what the policy of content refuses")
        .isFalse();
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'");
    assertThat(page.headers().firstValue("X-Frame-Options")).hasValue("DENY");
  }

  @Test
  void theOverviewSaysWhatIsStuckAndWhy() {
    assertThat(console.get("/").body())
        .contains("1 jobs are due, the oldest for 1 min, and nobody watches it.");
  }

  @Test
  void latenessIsShownWhereThisReplicaKnowsIt() {
    assertThat(console.get("/").body()).doesNotContain("≤ 5 ms");
    console.replica.lateness.put(QUEUE, new ReplicaFacts.Lateness(5, Long.MAX_VALUE));
    try {
      assertThat(console.get("/").body()).contains("≤ 5 ms", "&gt; 1 h");
      assertThat(console.get("/queue?queue=" + TestConsole.encode(QUEUE)).body())
          .contains("≤ 5 ms", "99 % &gt; 1 h");
    } finally {
      console.replica.lateness.clear();
    }
  }

  @Test
  void aJobShowsWhatItCarriesAndWhenItRunsNext() {
    String page =
        console
            .get("/job?queue=" + TestConsole.encode(QUEUE) + "&id=" + TestConsole.encode(EVIL))
            .body();
    assertThat(page).contains("&lt;img src=x onerror=alert(1)&gt;", "0 3 * * *", "Europe/Berlin");
    assertThat(page).contains("dueline get own-a/b:c &#39;&lt;img", "&#39;\\&#39;&#39;&amp;");
  }

  @Test
  void aPayloadIsAFile() {
    HttpResponse<String> file =
        console.get(
            "/job/payload?queue=" + TestConsole.encode(QUEUE) + "&id=" + TestConsole.encode(EVIL));
    assertThat(file.body()).isEqualTo(EVIL);
    assertThat(file.headers().firstValue("Content-Disposition").orElseThrow())
        .startsWith("attachment");
    assertThat(file.headers().firstValue("Content-Type")).hasValue("application/octet-stream");
  }

  @Test
  void chartsGetNumbers() {
    String queue = TestConsole.encode(QUEUE);
    String rows = console.get("/queue?queue=" + queue + "&range=hour").body();
    assertThat(BAR.matcher(rows).results().limit(3).map(bar -> bar.group(2)))
        .containsExactly("0", "1", "0");
    assertThat(BAR.matcher(rows).results().findFirst().orElseThrow().group(1))
        .isEqualTo(Long.toString(TestStore.START_MS));
    assertThat(console.get("/history?queue=" + queue).body())
        .startsWith("{\"times\":[")
        .contains("\"pending\":[2]", "\"delivered\":[null]");
  }

  @Test
  void anIdThatIsLookedForLeadsToItsJob() {
    HttpResponse<String> answer =
        console.get("/jobs?queue=" + TestConsole.encode(QUEUE) + "&id=overdue");
    assertThat(answer.statusCode()).isEqualTo(303);
    assertThat(answer.headers().firstValue("Location").orElseThrow())
        .startsWith("/job?queue=own-a%2Fb%3Ac&id=overdue");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/nothing",
        "/queue?queue=missing",
        "/job?queue=own-a%2Fb%3Ac&id=missing",
        "/static/0/console.css"
      })
  void whatIsNotThereIsSaidSo(String path) {
    assertThat(console.get(path).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/queue",
        "/queue?queue=%3Cscript%3E",
        "/job?queue=x&id=",
        "/jobs?queue=x&after=%21",
        "/jobs?queue=x&after=AAAA",
        "/queue?queue=x&from=5&to=4",
        "/queue?queue=%c3",
        "/queue?queue=%ff"
      })
  void whatIsMalformedIsRefused(String path) {
    assertThat(console.get(path).statusCode()).isEqualTo(400);
  }

  @Test
  void staticFilesAreKeptByBrowsersUnderTheHashOfTheirBytes() {
    String css =
        Pattern.compile("/static/[0-9a-f]{16}/console\\.css")
            .matcher(console.get("/").body())
            .results()
            .findFirst()
            .orElseThrow()
            .group();
    HttpResponse<String> file = console.get(css);
    assertThat(file.statusCode()).isEqualTo(200);
    assertThat(file.headers().firstValue("Cache-Control").orElseThrow()).contains("immutable");
    assertThat(file.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/css");
  }

  @Test
  void listsGoOnBehindTheirLastJob() {
    for (int i = 0; i < 150; i++) {
      console.schedule(
          "own-long", NewJob.of(new JobId("job-" + i), new Due.After(1_000L + i), new byte[0]));
    }
    String first = console.get("/jobs?queue=own-long").body();
    String next =
        Pattern.compile("/jobs\\?queue=own-long[^\"]*after=[^\"]*")
            .matcher(first)
            .results()
            .findFirst()
            .orElseThrow()
            .group()
            .replace("&amp;", "&");
    String second = console.get(next).body();
    assertThat(List.of(jobs(first), jobs(second))).containsExactly(100L, 50L);
  }

  private static long jobs(String page) {
    return Pattern.compile("id=(job-[0-9]+)\"")
        .matcher(page)
        .results()
        .map(found -> found.group(1))
        .distinct()
        .count();
  }
}
