package dev.dueline.store.redis.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The constants of the layout of records are the same in Java and Lua. */
class LayoutConstantsTest {
  private static final Path LIB = Path.of("src/main/resources/lua/lib");
  private static final Pattern CONSTANTS =
      Pattern.compile("^local ([A-Z_, ]+) = ([0-9, ]+)$", Pattern.MULTILINE);

  @Test
  void luaCountsTheSameBytesFromOne() throws Exception {
    Map<String, Integer> lua = new HashMap<>(constants("records"));
    lua.put("HAS_ATTRIBUTES", constants("entries").get("HAS_ATTRIBUTES"));
    assertThat(lua).containsKeys("DUE_AT", "SECTIONS_AT", "HAS_SERIES", "RUNS_BYTES");
    for (Map.Entry<String, Integer> each : lua.entrySet()) {
      Field field = RecordLayout.class.getDeclaredField(each.getKey());
      int java = field.getInt(null) + (each.getKey().endsWith("_AT") ? 1 : 0);
      assertThat(each.getValue()).as(each.getKey()).isEqualTo(java);
    }
  }

  private static Map<String, Integer> constants(String fragment) throws IOException {
    Map<String, Integer> constants = new HashMap<>();
    Matcher lines = CONSTANTS.matcher(Files.readString(LIB.resolve(fragment + ".lua")));
    for (MatchResult line : lines.results().toList()) {
      String[] names = line.group(1).split(", ", -1);
      String[] numbers = line.group(2).split(", ", -1);
      for (int i = 0; i < names.length; i++) {
        constants.put(names[i], Integer.parseInt(numbers[i]));
      }
    }
    return constants;
  }
}
