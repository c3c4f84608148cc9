package dev.dueline.ops.liveness;

import dev.dueline.delivery.time.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * The loops that serve now: that of delivery, and those event loops that have a connection, or a
 * port to take them at. The others have no thread yet, and asking them would start one.
 */
final class ServingLoops implements Supplier<Map<Executor, String>> {
  private final Executor delivery;
  private final EventLoopGroup connections;
  private final EventLoopGroup ports;

  ServingLoops(EventLoop delivery, Vertx vertx) {
    this.delivery = delivery::execute;
    this.connections = ((VertxInternal) vertx).getEventLoopGroup();
    this.ports = ((VertxInternal) vertx).getAcceptorEventLoopGroup();
  }

  @Override
  public Map<Executor, String> get() {
    Map<Executor, String> loops = new IdentityHashMap<>();
    loops.put(delivery, EventLoop.THREAD);
    addServing(connections, loops);
    addServing(ports, loops);
    return loops;
  }

  private static void addServing(EventLoopGroup group, Map<Executor, String> loops) {
    for (EventExecutor each : group) {
      if (each instanceof SingleThreadEventLoop loop && loop.registeredChannels() > 0) {
        // It has a thread, for its channels were registered there; else this would wait for one.
        loops.put(loop, loop.threadProperties().name());
      }
    }
  }
}
