package dev.dueline.cli.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobsTest {
  private final Jobs jobs = new Jobs("q", 3);

  @ParameterizedTest
  @ValueSource(longs = {0, 35, 36, 123_456_789, 2_821_109_907_455L})
  void anIdHas16CharactersAndTellsItsNumber(long index) {
    JobIds ids = new JobIds("abcd1234");
    assertThat(ids.of(index)).matches("abcd1234[0-9a-z]{8}");
    assertThat(ids.indexOf(ids.of(index))).isEqualTo(index);
    assertThat(JobIds.random().indexOf(ids.of(index))).isEqualTo(-1);
    assertThat(ids.indexOf("abcd1234")).isEqualTo(-1);
    assertThat(ids.indexOf("abcd1234-------!")).isEqualTo(-1);
  }

  @Test
  void everyJobIsAccountedFor() {
    long first = jobs.take(70_000);
    for (long index = first; index < 70_000; index++) {
      jobs.markStored(index);
      jobs.markAcked(index);
    }
    assertThat(jobs.missing()).isZero();
    jobs.take(3);
    jobs.markStored(70_000);
    jobs.markStored(70_001);
    jobs.markCanceled(70_001);
    assertThat(jobs.missing()).isEqualTo(1);
    assertThat(jobs.unsettled()).containsExactly(70_000L, 70_002L);
    assertThat(jobs.contradictions()).isZero();
    jobs.markCanceled(5);
    assertThat(jobs.contradictions()).isEqualTo(1);
  }

  @Test
  void countsAJobOnceHoweverOftenItComes() {
    jobs.take(1);
    assertThat(jobs.markDelivered(0)).isTrue();
    assertThat(jobs.markDelivered(0)).isFalse();
    jobs.markAcked(0);
    jobs.markAcked(0);
    assertThat(jobs.acked()).isEqualTo(1);
  }

  @Test
  void findsNoJobForANumberThatWasNotTaken() {
    String id = jobs.named(jobs.dueAtOnce(), 0).getJobId();
    assertThat(jobs.indexOf(id)).isEqualTo(-1);
    jobs.take(1);
    assertThat(jobs.indexOf(id)).isZero();
    assertThat(jobs.named(jobs.dueAtOnce(), 0).getPayload().size()).isEqualTo(3);
  }
}
