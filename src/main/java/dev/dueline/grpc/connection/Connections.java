package dev.dueline.grpc.connection;

import dev.dueline.access.Allowance;
import dev.dueline.access.FailedAuthentications;
import dev.dueline.access.PeerAddress;
import dev.dueline.grpc.tls.HandshakeBytes;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.ServerTransportFilter;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.SocketAddress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** All connections of the server, and what they use together. Thread-safe. */
@Singleton
public final class Connections {
  /** Of the bound on direct buffers, what may stay when it was passed. */
  private static final double BUFFERS_KEPT = 0.75;

  /** The same of the bound on bytes of messages: so that who goes on sending costs few looks. */
  private static final double MESSAGES_KEPT = 15 / 16.0;

  /** Of what may be held of messages, in addition, for handshakes that are long. */
  private static final int HANDSHAKE_SHARE = 4;

  private final Bounds bounds;
  private final ConnectionObserver observer;
  private final FailedAuthentications failures;
  private final Allowance.NanoClock clock;
  private final LongSupplier bufferBytes;
  private final Map<SocketAddress, Connection> byRemote = new ConcurrentHashMap<>();
  private final Map<EventLoop, ReadGate.Turns> turns = new ConcurrentHashMap<>();
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger anonymousCalls = new AtomicInteger();
  private final AtomicLong messageBytes = new AtomicLong();
  private final HandshakeBytes handshakes;

  /** Connections that were ended for their buffers, and have not given them back. */
  private final AtomicInteger freeing = new AtomicInteger();

  // Guarded by this.
  /** Those that have a connection. */
  private final Map<String, Address> addresses = new HashMap<>();

  private final Set<Connection> strangers = new LinkedHashSet<>();
  private int count;

  /** None yet. */
  @Inject
  Connections(PeerLimits limits, ConnectionObserver observer, FailedAuthentications failures) {
    this(
        Bounds.of(limits, Runtime.getRuntime().maxMemory(), BufferMemory.max()),
        observer,
        failures,
        System::nanoTime,
        new BufferMemory());
  }

  Connections(
      Bounds bounds,
      ConnectionObserver observer,
      FailedAuthentications failures,
      Allowance.NanoClock clock,
      LongSupplier bufferBytes) {
    this.bufferBytes = bufferBytes;
    this.bounds = bounds;
    this.observer = observer;
    this.failures = failures;
    this.clock = clock;
    this.handshakes = new HandshakeBytes(bounds.messageBytes() / HANDSHAKE_SHARE);
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

  FailedAuthentications failures() {
    return failures;
  }

  /** Who is read when on the event loop of a channel. */
  ReadGate.Turns turns(Channel channel) {
    return turns.computeIfAbsent(channel.eventLoop(), loop -> ReadGate.Turns.on(loop, clock));
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
    Connection givesWay;
    synchronized (this) {
      String name = PeerAddress.of(remote);
      Address there = addresses.get(name);
      Address address = there == null ? new Address(name, handshakes.ofAddress()) : there;
      boolean isAddressFull = address.connections >= bounds.connectionsPerAddress();
      boolean isFull = isAddressFull || count >= bounds.connections();
      givesWay = isFull ? oldest(isAddressFull ? address.strangers : strangers) : null;
      if (isFull && givesWay == null) {
        observer.ended(EndReason.NO_ROOM, address.name);
        return null;
      }
      accepted = new Connection(this, channel, address);
      if (givesWay != null) {
        remove(givesWay);
      }
      add(accepted);
    }
    byRemote.put(remote, accepted);
    channel.closeFuture().addListener(closed -> closed(remote, accepted));
    if (givesWay != null) {
      givesWay.end(EndReason.NO_ROOM);
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
    if (isAnonymous) {
      int inAll = anonymousCalls.incrementAndGet();
      int here = address.anonymousCalls.incrementAndGet();
      if (inAll > bounds.calls().anonymous() || here > bounds.calls().anonymousPerAddress()) {
        finish(address, true);
        return refused(Excess.ANONYMOUS_CALLS);
      }
    }
    return null;
  }

  void finish(Address address, boolean isAnonymous) {
    calls.decrementAndGet();
    address.calls.decrementAndGet();
    if (isAnonymous) {
      named(address);
    }
  }

  /** A call that counted as anonymous does so no longer. */
  void named(Address address) {
    anonymousCalls.decrementAndGet();
    address.anonymousCalls.decrementAndGet();
  }

  Excess refused(Excess excess) {
    observer.refused(excess);
    return excess;
  }

  /**
   * Over the bound the connections that hold most end, which frees what they held at once, until
   * there is room for some more: each look for them is one at all.
   */
  void hold(long bytes) {
    if (messageBytes.addAndGet(bytes) > bounds.messageBytes()) {
      for (Weighed each : heaviest(Connection::messageBytes)) {
        if (each.bytes == 0 || messageBytes.get() <= bounds.messageBytes() * MESSAGES_KEPT) {
          break;
        }
        each.connection.end(EndReason.MESSAGE_BYTES);
      }
    }
  }

  /**
   * Ends connections if there are too many direct buffers, those that hold most first: as large a
   * part of all that is held as is too much. More go only when these have given theirs back. Near
   * the limit of direct memory each allocation would stop an event loop for up to half a second.
   * Before each read.
   */
  void checkBuffers() {
    long used = bufferBytes.getAsLong();
    if (used > bounds.bufferBytes() && freeing.compareAndSet(0, 1)) {
      try {
        List<Weighed> all = heaviest(Connection::weight);
        double part = 1 - bounds.bufferBytes() * BUFFERS_KEPT / used;
        double wanted = all.stream().mapToLong(Weighed::bytes).sum() * part;
        for (Weighed each : all) {
          if (wanted <= 0) {
            break;
          }
          freeing.incrementAndGet();
          each.connection.end(EndReason.BUFFER_BYTES);
          each.connection.onFreed(freeing::decrementAndGet);
          wanted -= each.bytes;
        }
      } finally {
        freeing.decrementAndGet();
      }
    }
  }

  /** Those that are not over, the heaviest first. */
  private List<Weighed> heaviest(ToLongFunction<Connection> weight) {
    return byRemote.values().stream()
        .filter(each -> !each.isOver())
        .map(each -> new Weighed(each, weight.applyAsLong(each)))
        .sorted(Comparator.comparingLong(Weighed::bytes).reversed())
        .toList();
  }

  private record Weighed(Connection connection, long bytes) {}

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

  private void add(Connection connection) {
    count++;
    // Who gave way to it may have been the last one there.
    addresses.put(connection.address.name, connection.address);
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
    if (address.connections == 0) {
      addresses.remove(address.name);
    }
  }

  private static @Nullable Connection oldest(Set<Connection> strangers) {
    return strangers.isEmpty() ? null : strangers.iterator().next();
  }
}
