package dev.dueline.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.NewJob;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The page of a job shows characters that cannot be seen, or turn others round, wherever. */
class UnseenCharactersTest {
  private static final String TURNED =
      "\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069\u200E\u200F\u061C\uDB40\uDC41";

  private static final String SHOWN =
      "\\u202A\\u202B\\u202C\\u202D\\u202E\\u2066\\u2067\\u2068\\u2069\\u200E\\u200F\\u061C\\uE0041";

  @Test
  void theyAreShownInAPayloadAsInAttributes() {
    TreeMap<String, String> attributes = new TreeMap<>();
    attributes.put("name" + TURNED, "value" + TURNED);
    String payload = "{\"a\": \"é日😀" + TURNED + "\",\r\n\t\"b\": 1}\n";
    try (TestConsole console = TestConsole.open()) {
      console.schedule(
          "q",
          new NewJob(
              new JobId("id" + TURNED),
              new Due.After(60_000),
              payload.getBytes(StandardCharsets.UTF_8),
              attributes,
              null,
              0,
              null,
              null));

      String id = TestConsole.encode("id" + TURNED);
      String page = console.get("/job?queue=q&id=" + id).body();

      assertThat(page)
          .contains(
              "{&quot;a&quot;: &quot;é日😀" + SHOWN + "&quot;,\n\t&quot;b&quot;: 1}\n</pre>",
              "id" + SHOWN,
              "name" + SHOWN,
              "value" + SHOWN)
          .doesNotContainPattern(">[^<]*\\p{Cf}");
      assertThat(console.get("/job/payload?queue=q&id=" + id).body()).isEqualTo(payload);
    }
  }
}
