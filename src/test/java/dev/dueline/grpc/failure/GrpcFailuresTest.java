package dev.dueline.grpc.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.rpc.Code;
import dev.dueline.delivery.limit.TooManyShardsException;
import dev.dueline.delivery.watch.DrainingException;
import dev.dueline.grpc.Rejection;
import dev.dueline.store.failure.StoreFullException;
import dev.dueline.store.failure.StoreRefusesException;
import dev.dueline.store.failure.StoreReplyException;
import dev.dueline.store.failure.StoreUnavailableException;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GrpcFailuresTest {

  static Stream<Arguments> table() {
    return Stream.of(
        arguments(new DrainingException(), Code.UNAVAILABLE, "DRAINING"),
        arguments(
            new TooManyShardsException(true, 4), Code.RESOURCE_EXHAUSTED, "TOO_MANY_WATCHERS"),
        arguments(
            new TooManyShardsException(false, 8), Code.RESOURCE_EXHAUSTED, "TOO_MANY_WATCHERS"),
        arguments(
            new StoreUnavailableException("down", null), Code.UNAVAILABLE, "REDIS_UNAVAILABLE"),
        arguments(new StoreRefusesException("NOAUTH", null), Code.UNAVAILABLE, "REDIS_REFUSES"),
        arguments(
            new CompletionException(new StoreUnavailableException("down", null)),
            Code.UNAVAILABLE,
            "REDIS_UNAVAILABLE"),
        arguments(
            new StoreFullException("full", null), Code.RESOURCE_EXHAUSTED, "REDIS_OUT_OF_MEMORY"),
        arguments(new StoreReplyException("what?", null), Code.INTERNAL, "BUG"),
        arguments(new NullPointerException(), Code.INTERNAL, "BUG"),
        arguments(new CancellationException(), Code.CANCELLED, "CANCELLED"),
        arguments(
            Status.UNAUTHENTICATED.asRuntimeException(), Code.UNAUTHENTICATED, "UNAUTHENTICATED"),
        arguments(
            Status.PERMISSION_DENIED.asException(), Code.PERMISSION_DENIED, "PERMISSION_DENIED"));
  }

  @ParameterizedTest
  @MethodSource("table")
  void everyFailureHasACodeAndAReason(Throwable thrown, Code code, String reason) {
    Rejection rejection = Rejection.of(GrpcFailures.of(thrown).toException());
    assertThat(rejection.code()).isEqualTo(code);
    assertThat(rejection.info().getDomain()).isEqualTo("dueline.dev");
    assertThat(rejection.reason()).isEqualTo(reason);
    assertThat(rejection.status().getMessage()).isNotEmpty().isASCII();
  }

  @Test
  void tooManyWatchedShardsTellWhoseTheyAre() {
    Rejection mine =
        Rejection.of(GrpcFailures.of(new TooManyShardsException(true, 4)).toException());
    assertThat(mine.status().getMessage()).contains("4").contains("watched-shards-per-principal");
    assertThat(mine.info().getMetadataMap()).containsEntry("watched_shards", "4");
    assertThat(mine.retry().getRetryDelay().getSeconds()).isPositive();
    Rejection all =
        Rejection.of(GrpcFailures.of(new TooManyShardsException(false, 8)).toException());
    assertThat(all.status().getMessage()).contains("8").contains("another replica");
  }

  @Test
  void aFailureOfTheFrameworkGetsItsDetails() {
    Metadata trailers = close(Status.INTERNAL.withDescription("Half-closed"), new Metadata());
    Rejection rejection = Rejection.of(Status.INTERNAL.asException(trailers));
    assertThat(rejection.reason()).isEqualTo("INTERNAL");
    assertThat(rejection.status().getMessage()).isEqualTo("Half-closed");
  }

  @Test
  void aFailureWithDetailsAndASuccessAreLeftAlone() {
    var failure = GrpcFailures.draining().toException();
    Metadata own = java.util.Objects.requireNonNull(failure.getTrailers());
    assertThat(
            Rejection.of(failure.getStatus().asException(close(failure.getStatus(), own))).reason())
        .isEqualTo("DRAINING");
    assertThat(close(Status.OK, new Metadata()).keys()).isEmpty();
  }

  /** The trailers that a call is closed with in the end. */
  private static Metadata close(Status status, Metadata trailers) {
    Metadata sent = new Metadata();
    ServerCall<String, String> call =
        new ServerCall<>() {
          @Override
          public void close(Status status, Metadata trailers) {
            sent.merge(trailers);
          }

          @Override
          public void request(int count) {}

          @Override
          public void sendHeaders(Metadata headers) {}

          @Override
          public void sendMessage(String message) {}

          @Override
          public boolean isCancelled() {
            return false;
          }

          @Override
          public MethodDescriptor<String, String> getMethodDescriptor() {
            throw new UnsupportedOperationException();
          }
        };
    new FailureDetails()
        .interceptCall(
            call,
            new Metadata(),
            (wrapped, headers) -> {
              wrapped.close(status, trailers);
              return new ServerCall.Listener<>() {};
            });
    return sent;
  }
}
