package dev.dueline.client;

import dev.dueline.v1.SchedulerServiceGrpc.SchedulerServiceStub;
import dev.dueline.v1.Started;
import dev.dueline.v1.WatchDueRequest;
import dev.dueline.v1.WatchDueResponse;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One WatchDue stream, from its start to its end. Thread-safe. */
public final class WatchStream implements AutoCloseable {
  private final Observer observer;

  private WatchStream(Observer observer) {
    this.observer = observer;
  }

  /** Opens a stream whose messages come as fast as the listener takes them. */
  public static WatchStream open(
      SchedulerServiceStub stub, WatchDueRequest request, WatchListener listener) {
    return open(stub, request, new Observer(listener, false));
  }

  /**
   * Opens a stream whose messages come one at a time, each after {@link #requestNext} but for the
   * first, so that a listener that stalls holds the service back and not this memory.
   */
  public static WatchStream openPaced(
      SchedulerServiceStub stub, WatchDueRequest request, WatchListener listener) {
    return open(stub, request, new Observer(listener, true));
  }

  private static WatchStream open(
      SchedulerServiceStub stub, WatchDueRequest request, Observer observer) {
    stub.watchDue(request, observer);
    return new WatchStream(observer);
  }

  /** Lets one more message come; for a paced stream. */
  public void requestNext() {
    observer.call().request(1);
  }

  /** Names the watch in StopWatch; empty: it has not started, or cannot be stopped. */
  public String watchToken() {
    return observer.watchToken;
  }

  /** Ends the stream from this side; without effect on one that is over. */
  @Override
  public void close() {
    observer.call().cancel("no longer watching", null);
  }

  private static final class Observer
      implements ClientResponseObserver<WatchDueRequest, WatchDueResponse> {
    private final WatchListener listener;
    private final boolean isPaced;
    private volatile String watchToken = "";
    private boolean isStopped;
    private @Nullable ClientCallStreamObserver<WatchDueRequest> call;

    Observer(WatchListener listener, boolean isPaced) {
      this.listener = listener;
      this.isPaced = isPaced;
    }

    ClientCallStreamObserver<WatchDueRequest> call() {
      if (call == null) {
        throw new IllegalStateException("not started");
      }
      return call;
    }

    /** Runs within the call of the stub, before anything else. */
    @Override
    public void beforeStart(ClientCallStreamObserver<WatchDueRequest> started) {
      call = started;
      if (isPaced) {
        started.disableAutoRequestWithInitial(1);
      }
    }

    @Override
    public void onNext(WatchDueResponse event) {
      switch (event.getEventCase()) {
        case STARTED -> {
          watchToken = event.getStarted().getWatchToken();
          listener.started(heartbeat(event.getStarted()));
        }
        case DUE_JOBS -> listener.due(event.getDueJobs().getJobsList());
        // An event that this version does not know is a sign of life, too.
        case HEARTBEAT, EVENT_NOT_SET -> listener.heartbeat();
        case LOST_LEASES -> listener.lost(event.getLostLeases().getLeasesList());
        case STOPPED -> {
          isStopped = true;
          listener.stopped();
        }
        case DRAINING -> listener.draining(event.getDraining().getReason());
      }
    }

    private static Duration heartbeat(Started started) {
      var interval = started.getHeartbeatInterval();
      return Duration.ofSeconds(interval.getSeconds(), interval.getNanos());
    }

    @Override
    public void onError(Throwable failure) {
      listener.failed(failure);
    }

    @Override
    public void onCompleted() {
      listener.ended(
          isStopped ? Status.OK : Status.UNAVAILABLE.withDescription("the stream was closed"));
    }
  }
}
