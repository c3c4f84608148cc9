package dev.dueline.ops.management;

import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.impl.VertxInternal;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Has servers of Vert.x listen with a {@link BoundedAcceptor}. Vert.x shows nobody the channel that
 * listens, so it is looked for among those of its acceptors.
 */
public final class BoundedListening {
  private BoundedListening() {}

  /**
   * Starts a server, and waits until it listens. On no event loop.
   *
   * @param connections its own, which counts those that are accepted
   * @throws java.util.concurrent.CompletionException if it cannot, with the cause
   */
  public static HttpServer listen(Vertx vertx, HttpServer server, BoundedConnections connections) {
    Set<Channel> others = listening(vertx);
    HttpServer started = server.listen().toCompletionStage().toCompletableFuture().join();
    List<Channel> own =
        listening(vertx).stream()
            .filter(channel -> !others.contains(channel) && port(channel) == started.actualPort())
            .toList();
    if (own.size() != 1) {
      throw new IllegalStateException(
          "%d channels listen on port %d".formatted(own.size(), started.actualPort()));
    }
    own.get(0).pipeline().addFirst(new BoundedAcceptor(connections));
    return started;
  }

  private static Set<Channel> listening(Vertx vertx) {
    Set<Channel> all = new HashSet<>();
    for (EventExecutor loop : ((VertxInternal) vertx).getAcceptorEventLoopGroup()) {
      all.addAll(
          loop.submit(() -> listening((SingleThreadEventLoop) loop))
              .syncUninterruptibly()
              .getNow());
    }
    return all;
  }

  private static Set<Channel> listening(SingleThreadEventLoop loop) {
    Set<Channel> all = new HashSet<>();
    loop.registeredChannelsIterator()
        .forEachRemaining(
            channel -> {
              if (channel instanceof ServerChannel) {
                all.add(channel);
              }
            });
    return all;
  }

  private static int port(Channel channel) {
    return channel.localAddress() instanceof InetSocketAddress local ? local.getPort() : -1;
  }
}
