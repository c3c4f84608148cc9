package dev.dueline.grpc;

import dev.dueline.v1.WatchDueResponse;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A call that records what is written, and objects to what gRPC would object to. */
public final class RecordingCall extends ServerCallStreamObserver<WatchDueResponse> {
  public final List<WatchDueResponse> events = new ArrayList<>();
  public @Nullable Throwable failure;
  public boolean isReady = true;
  public boolean isCanceled;
  public boolean isComplete;
  private Runnable onReady = () -> {};
  private Runnable onCancel = () -> {};
  private Runnable onClose = () -> {};

  public WatchDueResponse last() {
    return events.get(events.size() - 1);
  }

  public void takeMore() {
    isReady = true;
    onReady.run();
  }

  public void cancel() {
    isCanceled = true;
    onCancel.run();
  }

  public void close() {
    onClose.run();
  }

  @Override
  public void onNext(WatchDueResponse event) {
    if (isCanceled || failure != null || isComplete) {
      throw new AssertionError("written after the end: " + event);
    }
    events.add(event);
  }

  @Override
  public void onError(Throwable thrown) {
    if (isCanceled || failure != null || isComplete) {
      throw new AssertionError("ended twice", thrown);
    }
    failure = thrown;
  }

  @Override
  public void onCompleted() {
    if (isCanceled || failure != null || isComplete) {
      throw new AssertionError("ended twice");
    }
    isComplete = true;
  }

  @Override
  public boolean isReady() {
    return isReady;
  }

  @Override
  public boolean isCancelled() {
    return isCanceled;
  }

  @Override
  public void setOnReadyHandler(Runnable handler) {
    onReady = handler;
  }

  @Override
  public void setOnCancelHandler(Runnable handler) {
    onCancel = handler;
  }

  @Override
  public void setOnCloseHandler(Runnable handler) {
    onClose = handler;
  }

  @Override
  public void disableAutoInboundFlowControl() {}

  @Override
  public void request(int count) {}

  @Override
  public void setMessageCompression(boolean enable) {}

  @Override
  public void setCompression(String compression) {}
}
