package dev.dueline.cli.bench.run;

import dev.dueline.cli.bench.load.ClosedLoop;
import dev.dueline.cli.bench.load.Jobs;
import dev.dueline.cli.bench.load.Loader;
import dev.dueline.cli.bench.load.PhaseTimeout;
import dev.dueline.cli.bench.option.JobOptions;
import dev.dueline.cli.remote.ConnectionOptions;
import dev.dueline.cli.text.Console;
import dev.dueline.client.Connection;
import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What a scenario works with: connections, timeout, and somewhere to say things. */
public final class Bench implements AutoCloseable {
  /** Jobs in a BatchCancel, which the contract allows. */
  private static final int CLEANING_BATCH = 1_000;

  private static final int CLEANING_LANES = 4;

  private final Console console;
  private final ConnectionOptions server;
  private final PhaseTimeout timeout;
  private final int lanesConnections;
  private final List<Connection> connections = new ArrayList<>();
  private final List<Jobs> left = new ArrayList<>();

  public Bench(Console console, ConnectionOptions server, PhaseTimeout timeout, int connections) {
    this.console = console;
    this.server = server;
    this.timeout = timeout;
    this.lanesConnections = connections;
  }

  /**
   * Connects.
   *
   * @throws StatusRuntimeException when nobody is there
   */
  public void connect() {
    for (int i = 0; i < lanesConnections; i++) {
      connection();
    }
  }

  /** One more connection, with one more thread: for what is not to stand in line. */
  public Connection connection() {
    Connection connection = server.openDirect();
    connections.add(connection);
    try {
      HealthGrpc.newBlockingStub(connection.channel())
          .withDeadlineAfter(server.timeout().toMillis(), TimeUnit.MILLISECONDS)
          .check(HealthCheckRequest.getDefaultInstance());
    } catch (StatusRuntimeException e) {
      Status.Code code = e.getStatus().getCode();
      if (code == Status.Code.UNAVAILABLE || code == Status.Code.DEADLINE_EXCEEDED) {
        throw e;
      }
      // Somebody answered, which is all there is to know.
    }
    return connection;
  }

  /** A loop of so many calls outstanding. */
  public ClosedLoop loop(int lanes) {
    return new ClosedLoop(connections.subList(0, lanesConnections), timeout, lanes);
  }

  public PhaseTimeout timeout() {
    return timeout;
  }

  /** Says something that is no figure. */
  public void note(String line) {
    console.note(line);
  }

  /** Has these jobs canceled in the end, unless the person wants to keep them. */
  public Jobs cancelInTheEnd(JobOptions options, Jobs jobs) {
    if (!options.isKept()) {
      left.add(jobs);
    }
    return jobs;
  }

  /** Takes back what is left of these jobs. */
  public void cancel(Jobs jobs) throws InterruptedException {
    ClosedLoop loop =
        new ClosedLoop(
            connections.subList(0, lanesConnections), timeout.unstoppable(), CLEANING_LANES);
    new Loader(loop, CLEANING_BATCH).cancel(jobs);
  }

  /** Takes back what is left of all jobs; says so if that fails. */
  public void cleanUp() throws InterruptedException {
    try {
      for (Jobs jobs : left) {
        cancel(jobs);
      }
    } catch (StatusRuntimeException e) {
      note("jobs are left in the queue: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    connections.forEach(Connection::close);
  }
}
