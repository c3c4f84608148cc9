package dev.dueline.grpc.reflection;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * One call of many questions, each answered before the next is taken, and taken only while the
 * caller reads the answers.
 */
final class ReflectionCall<Q, R> implements StreamObserver<Q> {
  private final ServerCallStreamObserver<R> caller;
  private final Function<Q, R> answers;
  private final AtomicBoolean isAsked = new AtomicBoolean();

  private ReflectionCall(ServerCallStreamObserver<R> caller, Function<Q, R> answers) {
    this.caller = caller;
    this.answers = answers;
  }

  /** Takes over a call, on the thread that gRPC began it on. */
  static <Q, R> StreamObserver<Q> open(StreamObserver<R> caller, Function<Q, R> answers) {
    var call = new ReflectionCall<>((ServerCallStreamObserver<R>) caller, answers);
    call.caller.disableAutoRequest();
    call.caller.setOnReadyHandler(call::ask);
    // Without a handler, writing to a canceled call throws.
    call.caller.setOnCancelHandler(() -> {});
    return call;
  }

  private void ask() {
    if (caller.isReady() && isAsked.compareAndSet(false, true)) {
      caller.request(1);
    }
  }

  @Override
  public void onNext(Q question) {
    isAsked.set(false);
    caller.onNext(answers.apply(question));
    ask();
  }

  @Override
  public void onError(Throwable gone) {
    // Nobody is left to tell.
  }

  @Override
  public void onCompleted() {
    caller.onCompleted();
  }
}
