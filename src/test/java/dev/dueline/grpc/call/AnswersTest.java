package dev.dueline.grpc.call;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.dueline.grpc.RecordingCall;
import dev.dueline.grpc.Rejection;
import dev.dueline.grpc.failure.Failure;
import dev.dueline.grpc.failure.RefusedException;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class AnswersTest {

  @Test
  void aFailureThatCannotBeToldIsAnsweredAllTheSame() {
    RecordingCall call = new RecordingCall();
    Answers.toTheEnd(call, () -> Uni.createFrom().failure(unspeakable()));
    Rejection rejection = Rejection.of(Objects.requireNonNull(call.failure));
    assertThat(rejection.code()).isEqualTo(Code.INTERNAL);
    assertThat(rejection.reason()).isEqualTo("BUG");
  }

  @Test
  void aFailureThatCannotBeToldIsKeptFromACanceledCall() {
    RecordingCall call = new RecordingCall();
    call.cancel();
    Answers.toTheEnd(call, () -> Uni.createFrom().failure(unspeakable()));
    assertThat(call.failure).isNull();
  }

  /** No status can be made of it: the reason that it needs is missing. */
  @SuppressWarnings("NullAway")
  private static RefusedException unspeakable() {
    return new RefusedException(
        new Failure(Code.NOT_FOUND, null, "reasonless", Map.of(), List.of()));
  }
}
