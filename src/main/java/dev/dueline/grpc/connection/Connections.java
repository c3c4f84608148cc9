package dev.dueline.grpc.connection;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.ServerTransportFilter;
import io.netty.channel.Channel;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** All connections of the server, and what they use together. Thread-safe. */
@Singleton
public final class Connections {
  /** Addresses without connections that are remembered for their failures; beyond it, none is. */
  private static final int MAX_REMEMBERED = 10_000;

  /** Of the connections that there may be, so many may be about to close beside them. */
  private static final int LEAVING_SHARE = 8;

  private final Bounds bounds;
  private final ConnectionObserver observer;
  private final Allowance.NanoClock clock;
  private final LongSupplier bufferBytes;
  private final Map<SocketAddress, Connection> byRemote = new ConcurrentHashMap<>();
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger anonymousCalls = new AtomicInteger();
  private final AtomicLong messageBytes = new AtomicLong();

  /** A connection was ended for its buffers, and has not given them back. */
  private final AtomicBoolean isFreeing = new AtomicBoolean();

  // Guarded by this.
  private final Map<String, Address> addresses = new HashMap<>();
  private final Set<Connection> strangers = new LinkedHashSet<>();
  private int count;

  /** None yet. */
  @Inject
  Connections(PeerLimits limits, ConnectionObserver observer) {
    this(
        Bounds.of(limits, Runtime.getRuntime().maxMemory(), BufferMemory.max()),
        observer,
        System::nanoTime,
        new BufferMemory());
  }

  Connections(
      Bounds bounds,
      ConnectionObserver observer,
      Allowance.NanoClock clock,
      LongSupplier bufferBytes) {
    this.bufferBytes = bufferBytes;
    this.bounds = bounds;
    this.observer = observer;
    this.clock = clock;
    observer.counts(byRemote::size, calls::get, messageBytes::get);
  }

  /** Tells the calls of a transport which connection is theirs. */
  public ServerTransportFilter filter() {
    return new ServerTransportFilter() {
      @Override
      public Attributes transportReady(Attributes transport) {
        SocketAddress remote = transport.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        Connection connection = remote == null ? null : byRemote.get(remote);
        return connection == null
            ? transport
            : transport.toBuilder().set(Connection.KEY, connection).build();
      }
    };
  }

  Bounds bounds() {
    return bounds;
  }

  Allowance.NanoClock clock() {
    return clock;
  }

  /**
   * A new connection, for which the oldest stranger of the same address, or of all, may have had to
   * go; null: there is no room, since all that are there have had calls admitted. On its event
   * loop.
   */
  @Nullable Connection accept(Channel channel) {
    SocketAddress remote = channel.remoteAddress();
    if (remote == null) {
      return null;
    }
    Connection accepted;
    Connection leaving;
    synchronized (this) {
      Address address = address(Address.nameOf(remote));
      boolean isAddressFull = address.connections >= bounds.connectionsPerAddress();
      boolean isFull = isAddressFull || count >= bounds.connections();
      leaving = isFull ? oldest(isAddressFull ? address.strangers : strangers) : null;
      boolean areManyLeaving = byRemote.size() - count > bounds.connections() / LEAVING_SHARE;
      if (areManyLeaving || isFull && leaving == null) {
        observer.ended(EndReason.NO_ROOM, address.name);
        return null;
      }
      accepted = new Connection(this, channel, address);
      if (leaving != null) {
        remove(leaving);
      }
      add(accepted);
    }
    byRemote.put(remote, accepted);
    channel.closeFuture().addListener(closed -> closed(remote, accepted));
    if (leaving != null) {
      leaving.end(EndReason.NO_ROOM);
    }
    return accepted;
  }

  synchronized void known(Connection connection) {
    strangers.remove(connection);
    connection.address.strangers.remove(connection);
  }

  @Nullable Excess begin(Address address, boolean isAnonymous) {
    if (calls.incrementAndGet() > bounds.calls().all()) {
      calls.decrementAndGet();
      return refused(Excess.CALLS);
    }
    if (address.calls.incrementAndGet() > bounds.calls().perAddress()) {
      calls.decrementAndGet();
      address.calls.decrementAndGet();
      return refused(Excess.CALLS_OF_ADDRESS);
    }
    if (isAnonymous && anonymousCalls.incrementAndGet() > bounds.calls().anonymous()) {
      finish(address, true);
      return refused(Excess.ANONYMOUS_CALLS);
    }
    return null;
  }

  void finish(Address address, boolean isAnonymous) {
    calls.decrementAndGet();
    address.calls.decrementAndGet();
    if (isAnonymous) {
      anonymousCalls.decrementAndGet();
    }
  }

  Excess refused(Excess excess) {
    observer.refused(excess);
    return excess;
  }

  /** Over the bound the connection that holds most ends, which frees what it held at once. */
  void hold(long bytes) {
    if (messageBytes.addAndGet(bytes) > bounds.messageBytes()) {
      endHeaviest(EndReason.MESSAGE_BYTES);
    }
  }

  /**
   * Ends the connection that holds most if there are too many direct buffers, and the next one when
   * that one has given its own back. Near their limit each allocation would stop an event loop for
   * up to half a second. Before each read.
   */
  void checkBuffers() {
    if (bufferBytes.getAsLong() > bounds.bufferBytes() && isFreeing.compareAndSet(false, true)) {
      Connection ending = endHeaviest(EndReason.BUFFER_BYTES);
      if (ending == null) {
        isFreeing.set(false);
      } else {
        ending.onClosed(() -> isFreeing.set(false));
      }
    }
  }

  private @Nullable Connection endHeaviest(EndReason reason) {
    Connection heaviest = null;
    for (Connection each : byRemote.values()) {
      if (!each.isOver() && (heaviest == null || each.weight() > heaviest.weight())) {
        heaviest = each;
      }
    }
    if (heaviest != null) {
      heaviest.end(reason);
    }
    return heaviest;
  }

  void release(long bytes) {
    messageBytes.addAndGet(-bytes);
  }

  void ended(EndReason reason, Address address) {
    observer.ended(reason, address.name);
  }

  private void closed(SocketAddress remote, Connection connection) {
    byRemote.remove(remote, connection);
    connection.forget();
    synchronized (this) {
      remove(connection);
    }
  }

  private Address address(String name) {
    if (addresses.size() > MAX_REMEMBERED) {
      addresses.values().removeIf(address -> address.connections == 0);
    }
    return addresses.computeIfAbsent(
        name, added -> new Address(added, bounds.failures(), clock.nanoTime()));
  }

  private void add(Connection connection) {
    count++;
    connection.address.connections++;
    strangers.add(connection);
    connection.address.strangers.add(connection);
  }

  /** Does nothing for one that was removed before. */
  private void remove(Connection connection) {
    if (!connection.leave()) {
      return;
    }
    count--;
    strangers.remove(connection);
    Address address = connection.address;
    address.strangers.remove(connection);
    address.connections--;
    if (address.connections == 0 && address.isForgettable(clock.nanoTime())) {
      addresses.remove(address.name);
    }
  }

  private static @Nullable Connection oldest(Set<Connection> strangers) {
    return strangers.isEmpty() ? null : strangers.iterator().next();
  }
}
