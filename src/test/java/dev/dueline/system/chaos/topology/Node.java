package dev.dueline.system.chaos.topology;

import dev.dueline.system.process.FaultyProxy;
import dev.dueline.system.process.LoopbackPort;
import dev.dueline.system.process.RedisServer;
import dev.dueline.system.process.RespCall;
import dev.dueline.system.process.SteppedClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** A Redis that keeps data, and the proxy that all others reach it by. */
public record Node(String name, RedisServer server, FaultyProxy proxy) implements AutoCloseable {
  /** For one command, the faults of the proxy included. */
  private static final Duration TIMEOUT = Duration.ofMillis(500);

  /** Starts one; its settings may depend on its own port and on that of its proxy. */
  static Node start(String name, Path data, BiFunction<Integer, Integer, List<String>> settings) {
    return start(name, data, settings, Optional.empty());
  }

  /** The same, by another clock than the machine's, if one is given. */
  static Node start(
      String name,
      Path data,
      BiFunction<Integer, Integer, List<String>> settings,
      Optional<SteppedClock> clock) {
    int port = LoopbackPort.free();
    FaultyProxy proxy = FaultyProxy.to(port);
    RedisServer server =
        RedisServer.start(data.resolve(name), port, settings.apply(port, proxy.port()), clock);
    return new Node(name, server, proxy);
  }

  /** Where clients find it. */
  String uri() {
    return "redis://127.0.0.1:" + proxy.port();
  }

  /** Whether a write by way of the proxy succeeds. */
  boolean takesWrite(String key) {
    try {
      return "OK".equals(RespCall.to(proxy.port(), TIMEOUT, "SET", key, "x"));
    } catch (IOException e) {
      return false;
    }
  }

  /** What ROLE says; empty: nothing, as it is away. */
  List<?> role() {
    try {
      return (List<?>) server.call("ROLE");
    } catch (IOException e) {
      return List.of();
    }
  }

  /** Whether it takes itself for a primary. */
  boolean isPrimary() {
    List<?> role = role();
    return !role.isEmpty() && role.get(0).equals("master");
  }

  /** Whether it is a replica that is in touch with its primary. */
  boolean isLinkedReplica() {
    List<?> role = role();
    return !role.isEmpty() && role.get(0).equals("slave") && role.get(3).equals("connected");
  }

  @Override
  public void close() {
    proxy.close();
    server.close();
  }
}
