package dev.dueline.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dueline.v1.AckRequest;
import dev.dueline.v1.AckResponse;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.LeaseOutcome;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.lang.Thread.UncaughtExceptionHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class AckerTest implements AckListener {
  private final List<String> told = Collections.synchronizedList(new ArrayList<>());
  private ScriptedScheduler service;
  private Connection connection;

  /** The job of which the listener does not want to hear. */
  private String throwsAt = "";

  @BeforeEach
  void start() throws IOException {
    service = new ScriptedScheduler();
    connection = service.connect();
  }

  @AfterEach
  void close() throws InterruptedException {
    connection.close();
    service.close();
  }

  @Override
  public void lost(DueJob job, LeaseOutcome outcome, boolean isRepeated) {
    if (job.getJobId().equals(throwsAt)) {
      throw new IllegalStateException("a listener's own");
    }
    told.add(job.getJobId() + " " + outcome + (isRepeated ? " repeated" : ""));
  }

  @Override
  public void failed(List<DueJob> jobs, StatusRuntimeException failure) {
    told.add(jobs.size() + " " + failure.getStatus().getCode());
  }

  private boolean acknowledge(String... ids) throws InterruptedException {
    Acker acker = new Acker(new Leases(connection), this);
    for (String id : ids) {
      acker.add(List.of(Events.job(id)));
    }
    acker.close();
    return acker.isComplete();
  }

  private static AckResponse outcomes(LeaseOutcome outcome, AckRequest request) {
    return AckResponse.newBuilder()
        .addAllOutcomes(Collections.nCopies(request.getLeaseTokensCount(), outcome))
        .build();
  }

  @Test
  void hasSentAllThatWaitedWhenItIsClosed() throws InterruptedException {
    service.<AckRequest>reply("Ack", request -> outcomes(LeaseOutcome.LEASE_OUTCOME_OK, request));
    assertThat(acknowledge("a", "b", "c")).isTrue();
    assertThat(service.requests(AckRequest.class))
        .flatExtracting(AckRequest::getLeaseTokensList)
        .containsExactly("token-a", "token-b", "token-c");
    assertThat(told).isEmpty();
  }

  @Test
  void tellsThatALeaseWasLostPerhapsByAnEarlierTry() throws InterruptedException {
    AtomicInteger calls = new AtomicInteger();
    service.on(
        "Ack",
        (request, response) -> {
          if (calls.getAndIncrement() == 0) {
            response.onError(Status.UNAVAILABLE.asRuntimeException());
          } else {
            response.onNext(outcomes(LeaseOutcome.LEASE_OUTCOME_LOST, (AckRequest) request));
            response.onCompleted();
          }
        });
    Acker acker = new Acker(new Leases(connection), this);
    acker.add(List.of(Events.job("a")));
    await().atMost(Duration.ofMinutes(1)).until(() -> !told.isEmpty());
    acker.close();
    assertThat(acker.isComplete()).isFalse();
    assertThat(told).containsExactly("a LEASE_OUTCOME_LOST repeated");
  }

  @Test
  void sendsAndTellsWhatComesAfterAListenerThatThrew() throws InterruptedException {
    service.<AckRequest>reply("Ack", request -> outcomes(LeaseOutcome.LEASE_OUTCOME_LOST, request));
    List<Throwable> uncaught = Collections.synchronizedList(new ArrayList<>());
    UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> uncaught.add(failure));
    try {
      throwsAt = "b";
      assertThat(acknowledge("a", "b", "c")).isFalse();
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
    assertThat(told).containsExactly("a LEASE_OUTCOME_LOST", "c LEASE_OUTCOME_LOST");
    assertThat(uncaught).singleElement().isInstanceOf(IllegalStateException.class);
  }

  /** It has three seconds for that: only what takes longer may be left. */
  @Test
  void triesOnWhileItIsClosed() throws InterruptedException {
    AtomicInteger calls = new AtomicInteger();
    service.on(
        "Ack",
        (request, response) -> {
          if (calls.getAndIncrement() == 0) {
            response.onError(Status.UNAVAILABLE.asRuntimeException());
          } else {
            response.onNext(outcomes(LeaseOutcome.LEASE_OUTCOME_OK, (AckRequest) request));
            response.onCompleted();
          }
        });
    long begin = System.nanoTime();
    boolean isComplete = acknowledge("a");
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    assertThat(isComplete || took.compareTo(Duration.ofSeconds(3)) >= 0)
        .as("gave up after %s", took)
        .isTrue();
  }

  @Test
  void givesUpAtOnceWhenTheServiceRefuses() throws InterruptedException {
    service.on(
        "Ack",
        (request, response) -> response.onError(Status.PERMISSION_DENIED.asRuntimeException()));
    assertThat(acknowledge("a")).isFalse();
    assertThat(told).containsExactly("1 PERMISSION_DENIED");
  }
}
