package dev.dueline.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.cli.CommandRun;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class MixedCommandTest {
  private FakeService service;

  @BeforeEach
  void start() throws IOException {
    service = new FakeService();
  }

  @AfterEach
  void stop() throws InterruptedException {
    service.close();
  }

  @Test
  void everyJobIsAcknowledgedOrCanceled() {
    // Those that are held back can only be canceled, the others were delivered before that.
    service.lose(jobId -> true);
    CommandRun run =
        service.bench("mixed --jobs 200 --warm-up 0 --cancel-percent 100 --max-delay 0s --json");
    JsonObject figures = new JsonObject(run.out().get(0));
    assertThat(figures.getInteger("scheduled")).isEqualTo(200);
    assertThat(figures.getInteger("canceled")).isEqualTo(200);
    assertThat(run.exitCode()).isZero();
    service.lose(jobId -> false);
    run = service.bench("mixed --jobs 200 --warm-up 10 --max-delay 0s --json");
    figures = new JsonObject(run.out().get(0));
    assertThat(figures.getInteger("acked")).isEqualTo(200);
    assertThat(figures.getInteger("missing")).isZero();
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void aLostJobFailsTheRun() {
    service.lose(jobId -> jobId.endsWith("0000001a"));
    // So long it waits for the one; the others come in far less, also where a machine stands still.
    CommandRun run =
        service.bench(
            "mixed --jobs 200 --warm-up 0 --cancel-percent 0 --max-delay 0s --phase-timeout 12s"
                + " --json");
    JsonObject figures = new JsonObject(run.out().get(0));
    assertThat(figures.getInteger("scheduled")).isEqualTo(200);
    assertThat(figures.getInteger("acked")).isEqualTo(199);
    assertThat(figures.getInteger("missing")).isEqualTo(1);
    assertThat(run.err()).containsExactly("dueline: 1 jobs were neither acknowledged nor canceled");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(service.waiting()).isEmpty();
  }
}
