package dev.dueline.store.redis.script;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.dueline.job.Coded;
import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.JobState;
import dev.dueline.job.Shard;
import dev.dueline.store.Inconsistency;
import dev.dueline.store.call.Canceled;
import dev.dueline.store.call.Rescheduled;
import dev.dueline.store.call.Scheduled;
import dev.dueline.store.due.Claim;
import dev.dueline.store.due.Fed;
import dev.dueline.store.redis.script.lease.LeaseReply;
import dev.dueline.store.redis.script.lease.RenewCall;
import dev.dueline.store.redis.script.lease.RunOutcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The head of each script and the class that calls it say the same. */
class ScriptHeadsTest {
  private static final ScriptHead PRELUDE = ScriptHead.of("lib/prelude");

  /** The codes that replies have, or that arguments may have. */
  private static final Map<Script, List<Class<? extends Coded>>> CODES =
      Map.of(
          Script.SCHEDULE, List.of(Scheduled.Outcome.class, ConflictPolicy.class),
          Script.CANCEL, List.of(Canceled.Outcome.class),
          Script.RESCHEDULE, List.of(Rescheduled.Outcome.class),
          Script.READ, List.of(JobState.class),
          Script.LIST, List.of(JobState.class),
          Script.CLAIM, List.of(Claim.Hold.class),
          Script.ACK, List.of(LeaseReply.Outcome.class),
          Script.RELEASE, List.of(LeaseReply.Outcome.class),
          Script.RENEW, List.of(RunOutcome.EndCode.class),
          Script.FEED, List.of(Fed.Hold.class));

  @SuppressWarnings("unchecked")
  static List<Class<? extends ScriptCall<?>>> calls() {
    List<Class<? extends ScriptCall<?>>> calls = new ArrayList<>();
    for (JavaClass each :
        new ClassFileImporter().importPackages(ScriptCall.class.getPackageName())) {
      if (each.isAssignableTo(ScriptCall.class) && each.isTopLevelClass() && !each.isInterface()) {
        calls.add((Class<? extends ScriptCall<?>>) each.reflect());
      }
    }
    return calls;
  }

  @ParameterizedTest
  @MethodSource("calls")
  void aClassHasTheKeysAndArgumentsOfItsScript(Class<? extends ScriptCall<?>> type) {
    SampleCall sample = new SampleCall(type);
    ScriptHead head = ScriptHead.of(sample.call().script().title());

    assertThat(sample.arguments()).isEqualTo(head.arguments());

    List<String> keys = new ArrayList<>(isOfShard(type) ? PRELUDE.keys() : List.of());
    keys.addAll(head.keys());
    assertThat(sample.call().keys().stream().map(ScriptHeadsTest::lastPart).toList())
        .isEqualTo(keys);
  }

  @ParameterizedTest
  @MethodSource("calls")
  void aClassSendsItsComponentsInTheirOrder(Class<? extends ScriptCall<?>> type) {
    SampleCall sample = new SampleCall(type);
    assertThat(sent(sample.call())).containsExactlyElementsOf(sample.values());
  }

  @Test
  void everyScriptHasOneClass() {
    Stream<Script> called = calls().stream().map(type -> new SampleCall(type).call().script());
    assertThat(called).containsExactlyInAnyOrder(Script.values());
  }

  @Test
  void thePreludeTakesTheClockOfTests() {
    assertThat(PRELUDE.arguments())
        .containsExactly(new ScriptHead.Argument(1, 0, "clock_offset_ms", "ms"));
  }

  @ParameterizedTest
  @EnumSource(Script.class)
  void aHeadNamesTheCodes(Script script) {
    String head = ScriptHead.of(script.title()).text();
    for (Class<? extends Coded> type : CODES.getOrDefault(script, List.of())) {
      for (Coded value : type.getEnumConstants()) {
        String name = ((Enum<?>) value).name().toLowerCase(Locale.ROOT);
        assertThat(head).containsPattern("\\b" + value.code() + " " + name + "\\b");
      }
    }
  }

  @Test
  void theHeadOfASweepNamesWhatItRepairs() {
    String head = ScriptHead.of("sweep").text();
    for (Inconsistency value : Inconsistency.values()) {
      assertThat(head).contains(value.code() + " " + value.name().toLowerCase(Locale.ROOT));
    }
  }

  /** A head that was changed: two arguments swapped, one left out, renamed, of another unit. */
  static Stream<List<String>> plantedHeads() {
    List<String> lines =
        Stream.of(
                "-- ARGV[2]    max_dead         number",
                "-- ARGV[3]    max_dead_age_ms  ms",
                "-- ARGV[4+9i] id               id",
                "-- ARGV[5+9i] lease_id         lease",
                "-- ARGV[6+9i] ended            code",
                "-- ARGV[7+9i] next_due_ms      ms",
                "-- ARGV[8+9i] completed        number",
                "-- ARGV[9+9i] died             number",
                "-- ARGV[10+9i] missed          number",
                "-- ARGV[11+9i] is_counted      flag",
                "-- ARGV[12+9i] reason          text")
            .toList();
    return Stream.of(
        replaced(lines, "max_dead         number", "max_dead         ms"),
        replaced(lines, "ARGV[2]    max_dead  ", "ARGV[2]    most_dead "),
        replaced(lines, "ARGV[2]    max_dead         number", "ARGV[2]    max_dead_age_ms  ms"),
        lines.subList(0, lines.size() - 1),
        replaced(lines, "ARGV[4+9i] id ", "ARGV[4+8i] id "));
  }

  @ParameterizedTest
  @MethodSource("plantedHeads")
  void aHeadThatDiffersIsSeen(List<String> planted) {
    assertThat(new SampleCall(RenewCall.class).arguments())
        .isNotEqualTo(ScriptHead.of(planted).arguments());
  }

  /** Sends its arguments the wrong way round. */
  record PlantedCall(Shard shard, int most, long restMs) implements ShardCall<Long> {
    @Override
    public Script script() {
      return Script.EXPIRED;
    }

    @Override
    public void addTo(Arguments arguments) {
      arguments.add(restMs).add(most);
    }

    @Override
    public Long read(Reply reply) {
      return reply.number();
    }
  }

  @Test
  void aClassThatSendsInAnotherOrderIsSeen() {
    SampleCall sample = new SampleCall(PlantedCall.class);
    assertThat(Arrays.deepEquals(sent(sample.call()).toArray(), sample.values().toArray()))
        .isFalse();
  }

  private static List<String> replaced(List<String> lines, String old, String replacement) {
    return lines.stream().map(line -> line.replace(old, replacement)).toList();
  }

  private static List<byte[]> sent(ScriptCall<?> call) {
    Arguments arguments = new Arguments();
    call.addTo(arguments);
    return arguments.values();
  }

  private static boolean isOfShard(Class<?> type) {
    return ShardCall.class.isAssignableFrom(type);
  }

  private static String lastPart(byte[] key) {
    String text = new String(key, StandardCharsets.UTF_8);
    return text.substring(text.lastIndexOf(':') + 1);
  }
}
