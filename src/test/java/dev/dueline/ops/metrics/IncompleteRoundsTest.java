package dev.dueline.ops.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.embedded.CapturedLog;
import dev.dueline.job.QueueName;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;

/** The log says once which queues metrics lack and why, of a failure without a message too. */
final class IncompleteRoundsTest {
  private final IncompleteRounds rounds = new IncompleteRounds(new SimpleMeterRegistry());

  @Test
  void namesTheQueueAndTheFailure() {
    assertThat(said(Map.of(new QueueName("q"), new TimeoutException())))
        .containsExactly("Metrics lack 1 queue, which cannot be counted, q: TimeoutException");
  }

  @Test
  void namesOneOfSeveralQueues() {
    Throwable why = new IllegalStateException("odd");
    assertThat(said(Map.of(new QueueName("q"), why, new QueueName("r"), why)))
        .singleElement()
        .asString()
        .matches("Metrics lack 2 queues, which cannot be counted, such as [qr]: odd");
  }

  @Test
  void saysWhyThereAreNoNames() {
    rounds.failed(new TimeoutException());
    assertThat(said(Map.of()))
        .containsExactly("Metrics lack queues, since their names cannot be read: TimeoutException");
  }

  private List<String> said(Map<QueueName, Throwable> failed) {
    try (CapturedLog log = CapturedLog.of("dev.dueline")) {
      rounds.over(failed);
      rounds.over(failed);
      return log.messages(Level.WARNING);
    }
  }
}
