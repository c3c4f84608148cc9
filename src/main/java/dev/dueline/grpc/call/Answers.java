package dev.dueline.grpc.call;

import com.google.protobuf.MessageLite;
import dev.dueline.grpc.connection.CallAccount;
import dev.dueline.grpc.failure.AccessFailures;
import dev.dueline.grpc.failure.GrpcFailures;
import io.grpc.StatusException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Answers unary calls with what a Uni gives, on whichever thread it gives it. */
public final class Answers {
  private Answers() {}

  /** Answers a call whose work goes on to its end, also when nobody waits for it any more. */
  public static <T> void toTheEnd(StreamObserver<T> caller, Supplier<Uni<T>> work) {
    ServerCallStreamObserver<T> call = (ServerCallStreamObserver<T>) caller;
    // Without a handler, writing to a canceled call throws.
    call.setOnCancelHandler(() -> {});
    run(call, work, answer -> true, unwanted -> {});
  }

  /**
   * Answers a call whose work is canceled with it, and whose answer is refused where its connection
   * has as much to send as may wait.
   *
   * @param unwanted takes an answer that was not sent
   */
  public static <T extends MessageLite> void whileWanted(
      StreamObserver<T> caller, Supplier<Uni<T>> work, Consumer<T> unwanted) {
    ServerCallStreamObserver<T> call = (ServerCallStreamObserver<T>) caller;
    CallAccount account = CallAccount.current();
    Cancellable running =
        run(
            call,
            work,
            answer -> account == null || account.mayAnswer(answer.getSerializedSize()),
            unwanted);
    call.setOnCancelHandler(running::cancel);
  }

  private static <T> Cancellable run(
      ServerCallStreamObserver<T> call,
      Supplier<Uni<T>> work,
      Predicate<T> hasRoom,
      Consumer<T> unwanted) {
    return Uni.createFrom()
        .<T>deferred(work::get)
        .subscribe()
        .with(
            answer -> {
              if (call.isCancelled()) {
                unwanted.accept(answer);
                return;
              }
              if (!hasRoom.test(answer)) {
                unwanted.accept(answer);
                call.onError(AccessFailures.answersUnread().toException());
                return;
              }
              call.onNext(answer);
              call.onCompleted();
            },
            thrown -> {
              StatusException failure = GrpcFailures.statusOf(thrown);
              if (!call.isCancelled()) {
                call.onError(failure);
              }
            });
  }
}
