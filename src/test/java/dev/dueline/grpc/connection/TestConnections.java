package dev.dueline.grpc.connection;

import dev.dueline.access.Allowance;
import dev.dueline.access.FailedAuthentications;
import io.grpc.Attributes;
import io.grpc.ServerTransportFilter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/** Connections of channels that no network is behind. */
public final class TestConnections implements ConnectionObserver {
  static final int CONNECTIONS = 6;
  static final int PER_ADDRESS = 4;
  static final int CALLS = 8;
  static final int CALLS_PER_ADDRESS = 6;
  static final int CALLS_PER_CONNECTION = 4;
  static final int ANONYMOUS = 3;
  static final int ANONYMOUS_PER_ADDRESS = 2;
  static final int ANONYMOUS_PER_CONNECTION = 2;
  static final long MESSAGE_BYTES = 1_000;
  static final long MESSAGE_BYTES_PER_CONNECTION = 600;
  static final long BUFFER_BYTES = 5_000;
  public static final int FAILURES = 5;

  public final List<EndReason> ended = new CopyOnWriteArrayList<>();
  final List<Excess> refused = new ArrayList<>();
  final Connections all;
  IntSupplier connections = () -> 0;
  IntSupplier calls = () -> 0;
  LongSupplier messageBytes = () -> 0;
  long bufferBytes;

  /** Those of a time that stands still. */
  public TestConnections() {
    this(() -> 0);
  }

  TestConnections(Allowance.NanoClock clock) {
    this(clock, CONNECTIONS);
  }

  /** So many may there be, instead of a few. */
  TestConnections(int most) {
    this(() -> 0, most);
  }

  private TestConnections(Allowance.NanoClock clock, int most) {
    all =
        new Connections(
            new Bounds(
                most,
                PER_ADDRESS,
                new Bounds.Calls(
                    CALLS,
                    CALLS_PER_ADDRESS,
                    CALLS_PER_CONNECTION,
                    ANONYMOUS,
                    ANONYMOUS_PER_ADDRESS,
                    ANONYMOUS_PER_CONNECTION),
                MESSAGE_BYTES,
                MESSAGE_BYTES_PER_CONNECTION,
                BUFFER_BYTES,
                Duration.ofSeconds(10),
                100),
            this,
            new FailedAuthentications(FAILURES, clock),
            clock,
            () -> bufferBytes);
  }

  /** The connection of a channel; fails where there is no room. */
  Connection accept(PeerChannel channel) {
    Connection accepted = all.accept(channel);
    if (accepted == null) {
      throw new AssertionError("no room");
    }
    return accepted;
  }

  /** Has the calls of each transport count for a connection of its own, which ends none of them. */
  public ServerTransportFilter filter() {
    return new ServerTransportFilter() {
      @Override
      public Attributes transportReady(Attributes transport) {
        Connection counting = accept(new PeerChannel("10.0.0.1", 1));
        return transport.toBuilder().set(Connection.KEY, counting).build();
      }
    };
  }

  @Override
  public void counts(IntSupplier connections, IntSupplier calls, LongSupplier messageBytes) {
    this.connections = connections;
    this.calls = calls;
    this.messageBytes = messageBytes;
  }

  @Override
  public void ended(EndReason reason, String address) {
    ended.add(reason);
  }

  @Override
  public void refused(Excess excess) {
    refused.add(excess);
  }
}
