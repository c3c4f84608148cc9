package dev.dueline.ops.management;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The open connections of a server, up to a number. One more ends another: of the address that has
 * the most, the one that has been idle the longest, or else asked the longest ago, so that whoever
 * opens many ends their own and a probe always gets in. Of one event loop only.
 */
public final class BoundedConnections {
  private final int max;

  /** In the order in which they last became idle. */
  private final Set<Channel> open = new LinkedHashSet<>();

  /** None is open. */
  public BoundedConnections(int max) {
    this.max = max;
  }

  int max() {
    return max;
  }

  /** Keeps a new connection, and ends another one if it is one too many. */
  public void add(Channel channel) {
    if (!channel.isOpen() || open.contains(channel)) {
      return;
    }
    if (open.size() >= max) {
      Channel ended = leastUseful();
      open.remove(ended);
      // Now, and not after what it has yet to be sent, or a farewell of TLS.
      ended.unsafe().close(ended.voidPromise());
    }
    open.add(channel);
    channel.closeFuture().addListener(closed -> open.remove(channel));
  }

  /** Counts as idle from now on. */
  public void idle(Channel channel) {
    if (open.remove(channel)) {
      open.add(channel);
    }
  }

  private Channel leastUseful() {
    Map<@Nullable InetAddress, Integer> counts = new HashMap<>();
    open.forEach(channel -> counts.merge(address(channel), 1, Integer::sum));
    int most = counts.values().stream().mapToInt(Integer::intValue).max().orElseThrow();
    Collection<Channel> ofMost =
        open.stream().filter(channel -> most == counts.getOrDefault(address(channel), 0)).toList();
    return ofMost.stream()
        .filter(channel -> !isAnswering(channel))
        .findFirst()
        .orElseGet(() -> ofMost.iterator().next());
  }

  /** Until TLS is up there is no exchange. */
  private static boolean isAnswering(Channel channel) {
    BoundedExchange exchange = channel.pipeline().get(BoundedExchange.class);
    return exchange != null && exchange.isAnswering();
  }

  private static @Nullable InetAddress address(Channel channel) {
    return channel.remoteAddress() instanceof InetSocketAddress remote ? remote.getAddress() : null;
  }
}
