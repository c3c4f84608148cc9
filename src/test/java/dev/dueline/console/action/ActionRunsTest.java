package dev.dueline.console.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dueline.access.Principal;
import dev.dueline.console.http.Answer;
import dev.dueline.console.http.Caller;
import dev.dueline.console.http.Endpoint;
import dev.dueline.console.http.Parameters;
import dev.dueline.console.http.RefusedException;
import dev.dueline.console.http.Request;
import dev.dueline.embedded.CapturedLog;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;

/** An action goes on to its end when its page waits no longer, and only so many do. */
class ActionRunsTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Request REQUEST =
      new Request(
          new Caller(Principal.ANYBODY, true, false, false),
          "/dead/redrive",
          Parameters.NONE,
          Parameters.NONE,
          0);

  private final List<UniEmitter<? super Answer>> begun = new ArrayList<>();
  private int canceled;
  private final Endpoint action =
      request ->
          Uni.createFrom().<Answer>emitter(begun::add).onCancellation().invoke(() -> canceled++);

  @Test
  void aPageThatWaitsNoLongerEndsNothing() {
    Endpoint run = new ActionRuns(Duration.ofMillis(1)).of(action);
    Answer answer = run.answer(REQUEST).await().atMost(LIMIT);
    assertThat(answer.headers()).containsEntry("Location", "/?notice=goes_on&number=0");
    run.answer(REQUEST).subscribe().with(page -> {}, failure -> {}).cancel();
    assertThat(begun).hasSize(2);
    assertThat(canceled).isZero();
  }

  @Test
  void howItEndedIsLoggedWhenItsPageHasLeft() {
    try (CapturedLog log = CapturedLog.of("dev.dueline.console")) {
      Endpoint run = new ActionRuns(Duration.ofMillis(1)).of(action);
      run.answer(REQUEST).await().atMost(LIMIT);
      run.answer(REQUEST).await().atMost(LIMIT);
      begun.get(0).fail(new RefusedException(409, "Watchers\nhold\u2028jobs.", ""));
      begun.get(1).fail(new IllegalStateException("bro\nken\u2028"));
      assertThat(log.messages(Level.INFO))
          .containsExactly(
              "By the console, 'anybody' was refused /dead/redrive in the queue ?:"
                  + " Watchers\\u{a}hold\\u{2028}jobs.");
      assertThat(log.messages(Level.WARNING))
          .singleElement()
          .asString()
          .endsWith("may be done in part: java.lang.IllegalStateException: bro\\u{a}ken\\u{2028}");
    }
  }

  @Test
  void onlySoManyAreUnderWay() {
    Endpoint run = new ActionRuns(LIMIT).of(action);
    for (int i = 0; i < 32; i++) {
      run.answer(REQUEST).subscribe().with(page -> {}, failure -> {});
    }
    assertThatThrownBy(() -> run.answer(REQUEST).await().atMost(LIMIT))
        .isInstanceOf(RefusedException.class);
    begun.get(0).fail(new IllegalStateException());
    begun.get(1).complete(Answer.seeOther("/"));
    for (int i = 0; i < 2; i++) {
      run.answer(REQUEST).subscribe().with(page -> {}, failure -> {});
    }
    assertThat(begun).hasSize(34);
  }
}
