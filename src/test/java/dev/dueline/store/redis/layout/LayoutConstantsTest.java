package dev.dueline.store.redis.layout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.store.queue.ShardPlan;
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

/** Constants that Java and Lua both know are the same. */
class LayoutConstantsTest {
  private static final Path LUA = Path.of("src/main/resources/lua");
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

  @Test
  void luaHasTheBoundsOfJava() throws Exception {
    assertThat(number("lib/prelude", "LAST_MS = (\\d+)")).isEqualTo(Due.MAX_MS);
    assertThat(number("lib/repeats", "NAME_BYTES, .* = (\\d+)"))
        .isEqualTo(RequestIdCodec.NAME_BYTES);
    assertThat(number("turn", "MAX_SHARDS = (\\d+)")).isEqualTo(ShardPlan.MAX_SHARDS);
    // A packed id may have a byte before it that says how it is packed.
    assertThat(number("lib/reads", "#id <= (\\d+)")).isEqualTo(1 + JobId.MAX_BYTES);
  }

  private static long number(String script, String pattern) throws IOException {
    String text = Files.readString(LUA.resolve(script + ".lua"));
    Matcher matcher = Pattern.compile("^local .*" + pattern, Pattern.MULTILINE).matcher(text);
    assertThat(matcher.find()).as("%s in %s.lua", pattern, script).isTrue();
    return Long.parseLong(matcher.group(1));
  }

  private static Map<String, Integer> constants(String fragment) throws IOException {
    Map<String, Integer> constants = new HashMap<>();
    Matcher lines = CONSTANTS.matcher(Files.readString(LUA.resolve("lib/" + fragment + ".lua")));
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
