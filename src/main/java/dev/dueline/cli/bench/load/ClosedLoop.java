package dev.dueline.cli.bench.load;

import dev.dueline.client.Connection;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Keeps so many calls outstanding: where one is over, the next begins. */
public final class ClosedLoop {
  /** What one lane does, call after call. */
  public interface Script {
    /** Starts the next call; false: there is none. */
    boolean next();
  }

  /** Makes the lanes' scripts. */
  public interface Scripts {
    /**
     * A script.
     *
     * @param connection where its calls go
     * @param whenOver to be run once at the end of each call, on any thread
     */
    Script make(Connection connection, Runnable whenOver);
  }

  private final List<Connection> connections;
  private final PhaseTimeout timeout;
  private final int lanes;

  /** A loop of so many lanes, dealt out to the connections. */
  public ClosedLoop(List<Connection> connections, PhaseTimeout timeout, int lanes) {
    this.connections = List.copyOf(connections);
    this.timeout = timeout;
    this.lanes = lanes;
  }

  /**
   * Runs until the budget is over and every call has ended.
   *
   * @throws StatusRuntimeException when that takes too long, or is interrupted, or when no call
   *     went well and some failed
   */
  public void run(String name, Budget budget, Calls calls, Scripts scripts)
      throws InterruptedException {
    AtomicInteger open = new AtomicInteger(lanes);
    Phase phase = new Phase(name, () -> open.get() == 0, calls::ended);
    for (int i = 0; i < lanes; i++) {
      Connection connection = connections.get(i % connections.size());
      new Lane(scripts, connection, calls, open::decrementAndGet).advance();
    }
    try {
      timeout.await(phase);
    } catch (StatusRuntimeException e) {
      budget.end();
      if (e.getStatus().getCode() == Status.Code.CANCELLED) {
        // What is out may yet store jobs, and whoever cleans up wants to know of them.
        timeout.unstoppable().await(phase);
      }
      throw e;
    }
    if (calls.succeeded() == 0) {
      calls.failures().rethrow();
    }
  }

  private static final class Lane {
    private final Calls calls;
    private final Script script;
    private final Runnable whenDone;
    private final AtomicInteger turns = new AtomicInteger();

    Lane(Scripts scripts, Connection connection, Calls calls, Runnable whenDone) {
      this.calls = calls;
      this.script = scripts.make(connection, this::advance);
      this.whenDone = whenDone;
    }

    /** Takes a turn; within a turn, as when a call ends at once, one more after it. */
    void advance() {
      if (turns.getAndIncrement() > 0) {
        return;
      }
      do {
        if (calls.isHopeless() || !script.next()) {
          whenDone.run();
          return;
        }
      } while (turns.decrementAndGet() > 0);
    }
  }
}
