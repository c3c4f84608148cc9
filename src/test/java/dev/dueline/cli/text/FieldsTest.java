package dev.dueline.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** JSON drives no terminal and looks like no other, whatever is in it, and parses to the same. */
final class FieldsTest {
  private static final String TURNED =
      "a\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069\u200E\u200F\u061Cz";

  @Test
  void jsonShowsWhatTurnsTheDirectionOfOtherCharacters() {
    String escapes =
        "a\\u202a\\u202b\\u202c\\u202d\\u202e"
            + "\\u2066\\u2067\\u2068\\u2069\\u200e\\u200f\\u061cz";

    String json =
        new Fields()
            .id("id", TURNED)
            .add("last_failure", TURNED)
            .attributes(Map.of("name" + TURNED, TURNED))
            .each("problem", "problems", List.of(TURNED))
            .json();

    assertThat(json)
        .isEqualTo(
            ("{\"id\":\"%s\",\"last_failure\":\"%s\",\"attributes\":{\"name%s\":\"%s\"},"
                    + "\"problems\":[\"%s\"]}")
                .formatted(escapes, escapes, escapes, escapes, escapes));
  }

  @Test
  void jsonParsesToTheSameValue() {
    String all =
        TURNED
            + "é日😀 \\u202e \\\u202E\"\t\n\u001B[2J\u007F\u009B31m\u2028\uFEFF\uDB40\uDC41\uD800x";

    String json =
        new Fields().add("last_failure", all).inJson("attributes", Map.of(all, all)).json();

    JsonObject parsed = JsonParser.parseString(json).getAsJsonObject();
    assertThat(parsed.get("last_failure").getAsString()).isEqualTo(all);
    assertThat(parsed.getAsJsonObject("attributes").get(all).getAsString()).isEqualTo(all);
    assertThat(json).contains("é日😀").doesNotContainPattern("[\\p{Cntrl}\\p{Cf}\\p{Cs}]");
  }
}
