package dev.dueline.ops.management;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The open connections of a server, up to a number. One more ends another: of the address that has
 * the most, the one that has been idle the longest, or else asked the longest ago, so that whoever
 * opens many ends their own and a probe always gets in. Of one event loop only.
 */
public final class BoundedConnections {
  private final int max;

  /** In the order in which they last became idle. */
  private final Map<Channel, BoundedExchange> open = new LinkedHashMap<>();

  /** None is open. */
  public BoundedConnections(int max) {
    this.max = max;
  }

  /** Keeps a new connection, and ends another one if it is one too many. */
  public void add(BoundedExchange exchange) {
    if (open.size() >= max) {
      Channel ended = leastUseful();
      open.remove(ended);
      ended.close();
    }
    Channel channel = exchange.channel();
    open.put(channel, exchange);
    channel.closeFuture().addListener(closed -> open.remove(channel));
  }

  /** Counts as idle from now on. */
  public void idle(Channel channel) {
    BoundedExchange exchange = open.remove(channel);
    if (exchange != null) {
      open.put(channel, exchange);
    }
  }

  private Channel leastUseful() {
    Map<@Nullable InetAddress, Integer> counts = new HashMap<>();
    open.keySet().forEach(channel -> counts.merge(address(channel), 1, Integer::sum));
    int most = counts.values().stream().mapToInt(Integer::intValue).max().orElseThrow();
    Collection<BoundedExchange> ofMost =
        open.values().stream()
            .filter(exchange -> most == counts.getOrDefault(address(exchange.channel()), 0))
            .toList();
    return ofMost.stream()
        .filter(exchange -> !exchange.isAnswering())
        .findFirst()
        .orElseGet(() -> ofMost.iterator().next())
        .channel();
  }

  private static @Nullable InetAddress address(Channel channel) {
    return channel.remoteAddress() instanceof InetSocketAddress remote ? remote.getAddress() : null;
  }
}
