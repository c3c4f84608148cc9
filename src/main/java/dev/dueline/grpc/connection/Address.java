package dev.dueline.grpc.connection;

import dev.dueline.grpc.tls.HandshakeBytes;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** What the connections of one peer address use together. */
final class Address {
  final String name;
  final AtomicInteger calls = new AtomicInteger();
  final AtomicInteger anonymousCalls = new AtomicInteger();

  /** Guarded by the lock of {@link Connections}. */
  int connections;

  /** Those that had no call admitted yet, the oldest first. Guarded as {@link #connections}. */
  final Set<Connection> strangers = new LinkedHashSet<>();

  /** Of handshakes that are not over. */
  final HandshakeBytes handshakes;

  Address(String name, HandshakeBytes handshakes) {
    this.name = name;
    this.handshakes = handshakes;
  }
}
