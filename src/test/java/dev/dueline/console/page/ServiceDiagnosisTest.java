package dev.dueline.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.access.Permission;
import dev.dueline.access.Principal;
import dev.dueline.access.QueuePatterns;
import dev.dueline.console.TestReplica;
import dev.dueline.console.http.Caller;
import dev.dueline.console.live.ReplicaFacts.ClockStep;
import dev.dueline.console.live.ReplicaFacts.Memory;
import dev.dueline.console.live.ReplicaFacts.Repairs;
import dev.dueline.console.live.Samples;
import dev.dueline.console.live.Samples.Failing;
import dev.dueline.console.view.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is wrong with the store, as far as it concerns who asks. */
class ServiceDiagnosisTest {
  private static final long NOW_MS = 1_700_000_000_000L;

  private static final Caller ANYBODY = new Caller(Principal.ANYBODY, true, false, false);
  private static final Caller READER =
      new Caller(
          new Principal("r", Map.of(Permission.READ, QueuePatterns.of(List.of("own-*"))), 0, 0),
          false,
          true,
          false);

  private final TestReplica replica = new TestReplica();
  private final TreeSet<String> unreadable = new TreeSet<>();

  @Test
  void memoryIsWarnedOfFromFourFifthsOn() {
    assertThat(problems(ANYBODY, memory(79, 100), null)).isEmpty();
    assertThat(problems(ANYBODY, memory(79, 0), null)).isEmpty();
    assertThat(problems(ANYBODY, memory(80, 100), null))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.what())
                  .startsWith("The memory of Redis at redis:6379 is full to 80 %");
              assertThat(problem.isSevere()).isFalse();
            });
  }

  @Test
  void aFullMemoryIsSevere() {
    assertThat(problems(ANYBODY, memory(101, 100), null))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.what()).contains("refuses to store jobs");
              assertThat(problem.isSevere()).isTrue();
            });
  }

  @Test
  void theFullestMemoryIsSaidFirst() {
    List<Memory> memories =
        List.of(memory(85, 100), memory(100, 100), memory(10, 100), memory(960, 1_000));
    assertThat(problems(ANYBODY, memories, null))
        .extracting(problem -> problem.what().replaceAll("^.* is full( to [0-9]+)?.*$", "full$1"))
        .containsExactly("full", "full to 96", "full to 85");
  }

  @Test
  void aStoreThatDoesNotAnswerIsSaidFirst() {
    Problem first = problems(ANYBODY, memory(101, 100), new Failing(NOW_MS - 3_000, false)).get(0);
    assertThat(first.what()).startsWith("Redis has not answered for 3 s");
    assertThat(first.isSevere()).isTrue();
  }

  @Test
  void aStoreThatRefusesIsToldFromOneThatDoesNotAnswer() {
    assertThat(problems(ANYBODY, memory(0, 0), new Failing(NOW_MS - 3_000, true)))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.what())
                  .startsWith("Redis has refused the service by its configuration for 3 s");
              assertThat(problem.remedy()).isEqualTo("The log says what to change.");
            });
  }

  @Test
  void queuesThatCannotBeReadAreTold() {
    unreadable.addAll(List.of("other", "own-a"));
    assertThat(problems(ANYBODY, memory(0, 0), null))
        .singleElement()
        .extracting(Problem::what)
        .isEqualTo("2 queues cannot be read: other, own-a.");
    assertThat(problems(READER, memory(0, 0), null))
        .singleElement()
        .extracting(Problem::what)
        .isEqualTo("The queue own-a cannot be read.");
  }

  @Test
  void manyQueuesThatCannotBeReadAreNotAllNamed() {
    for (char name = 'a'; name <= 'l'; name++) {
      unreadable.add(String.valueOf(name));
    }
    assertThat(problems(ANYBODY, memory(0, 0), null))
        .singleElement()
        .extracting(Problem::what)
        .isEqualTo("12 queues cannot be read: a, b, c, d, e, f, g, h, i, j and 2 more.");
  }

  @Test
  void theLastStepOfTheClockIsTold() {
    replica.clockSteps =
        List.of(
            new ClockStep(NOW_MS - 60_000, "redis:6379", Duration.ofMinutes(-90)),
            new ClockStep(NOW_MS - 90_000, "redis:6379", Duration.ofMinutes(2)));
    assertThat(problems(ANYBODY, memory(0, 0), null))
        .extracting(Problem::what)
        .containsExactly(
            "The clock of Redis at redis:6379 was set back by about 1 h 30 min, 1 min ago.");
  }

  @Test
  void repairsAreToldOfTheirQueues() {
    replica.repairs =
        List.of(new Repairs("own-a", NOW_MS - 5_000, 3), new Repairs("other", NOW_MS, 1));
    assertThat(problems(ANYBODY, memory(0, 0), null))
        .extracting(Problem::queue)
        .containsExactly("own-a", "other");
    assertThat(problems(READER, memory(0, 0), null))
        .singleElement()
        .extracting(Problem::what)
        .isEqualTo("A sweep repaired 3 inconsistencies, the last 5 s ago.");
  }

  @Test
  void serversAreNamedToThoseWhoMayLookAtAllQueues() {
    replica.clockSteps = List.of(new ClockStep(NOW_MS, "redis:6379", Duration.ofHours(1)));
    assertThat(problems(READER, memory(100, 100), null))
        .hasSize(2)
        .noneSatisfy(problem -> assertThat(problem.what()).contains("redis:6379"));
  }

  private static Memory memory(long usedBytes, long maxBytes) {
    return new Memory("redis:6379", usedBytes, maxBytes);
  }

  private List<Problem> problems(Caller caller, Memory memory, @Nullable Failing failing) {
    return problems(caller, List.of(memory), failing);
  }

  private List<Problem> problems(Caller caller, List<Memory> memory, @Nullable Failing failing) {
    Samples samples = new Samples(NOW_MS, new TreeMap<>(), unreadable, false, memory, failing);
    return new ServiceDiagnosis(replica).problems(samples, caller, NOW_MS);
  }
}
