package dev.dueline.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class NewJobTest {
  private static final JobId ID = new JobId("id");
  private static final Due DUE = new Due.At(1);

  @Test
  void attributesCountForWhatAJobHolds() {
    NewJob plain = NewJob.of(ID, DUE, new byte[100]);
    NewJob attributed =
        new NewJob(ID, DUE, new byte[100], new TreeMap<>(Map.of("n", "v".repeat(500))), null, 0);

    assertThat(plain.contentBytes()).isEqualTo(100);
    assertThat(attributed.contentBytes()).isBetween(601L, 900L);
  }
}
