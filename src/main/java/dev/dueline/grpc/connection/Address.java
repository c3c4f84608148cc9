package dev.dueline.grpc.connection;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** What the connections of one peer address use together. */
final class Address {
  /** An IPv6 host usually has the 64-bit network to itself. */
  private static final int IPV6_NETWORK_BYTES = 8;

  private static final double SECONDS_OF_FAILURES = 60;

  final String name;
  final AtomicInteger calls = new AtomicInteger();

  /** Guarded by the lock of {@link Connections}. */
  int connections;

  /** Those that had no call admitted yet, the oldest first. Guarded as {@link #connections}. */
  final Set<Connection> strangers = new LinkedHashSet<>();

  private final Allowance failures;

  Address(String name, int failures, long nowNanos) {
    this.name = name;
    this.failures = new Allowance(failures, failures / SECONDS_OF_FAILURES, nowNanos);
  }

  /** What stands for a peer: its IPv4 address, or its IPv6 network. */
  static String nameOf(SocketAddress remote) {
    if (!(remote instanceof InetSocketAddress internet) || internet.getAddress() == null) {
      return "local";
    }
    byte[] bytes = internet.getAddress().getAddress();
    if (bytes.length <= IPV6_NETWORK_BYTES) {
      return internet.getAddress().getHostAddress();
    }
    Arrays.fill(bytes, IPV6_NETWORK_BYTES, bytes.length, (byte) 0);
    try {
      return InetAddress.getByAddress(bytes).getHostAddress() + "/64";
    } catch (java.net.UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Counts a call that was not admitted; whether the address may go on like that. */
  synchronized boolean mayFail(Allowance.NanoClock clock) {
    return failures.take(clock);
  }

  /** Whether there is nothing to remember of it. */
  synchronized boolean isForgettable(long nowNanos) {
    return failures.isFull(nowNanos);
  }
}
