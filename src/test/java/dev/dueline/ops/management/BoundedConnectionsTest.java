package dev.dueline.ops.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.ops.management.BoundedExchange.Times;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Which connection ends when there is one too many. */
class BoundedConnectionsTest {
  /** None is over within a test, on whichever machine. */
  private static final Times TIMES =
      new Times(Duration.ofHours(1), Duration.ofHours(1), Duration.ofHours(1));

  private final BoundedConnections connections = new BoundedConnections(3);

  @Test
  void theOneThatIsIdleTheLongest() {
    EmbeddedChannel asking = connect("10.0.0.1");
    ask(asking);
    EmbeddedChannel again = connect("10.0.0.1");
    EmbeddedChannel idle = connect("10.0.0.1");
    connections.idle(again);
    connect("10.0.0.1");
    assertThat(asking.isOpen()).isTrue();
    assertThat(again.isOpen()).isTrue();
    assertThat(idle.isOpen()).isFalse();
  }

  @Test
  void oneOfTheAddressThatHasTheMost() {
    EmbeddedChannel probe = connect("10.0.0.1");
    EmbeddedChannel first = connect("10.0.0.2");
    EmbeddedChannel second = connect("10.0.0.2");
    ask(first);
    ask(second);
    EmbeddedChannel other = connect("10.0.0.3");
    assertThat(first.isOpen()).isFalse();
    assertThat(probe.isOpen() && second.isOpen() && other.isOpen()).isTrue();
  }

  @Test
  void noneWhereOneHasGone() {
    EmbeddedChannel gone = connect("10.0.0.1");
    EmbeddedChannel there = connect("10.0.0.1");
    connect("10.0.0.1");
    gone.close();
    connect("10.0.0.1");
    assertThat(there.isOpen()).isTrue();
  }

  private EmbeddedChannel connect(String address) {
    EmbeddedChannel channel =
        new EmbeddedChannel() {
          @Override
          protected SocketAddress remoteAddress0() {
            return new InetSocketAddress(address, 1);
          }
        };
    BoundedExchange exchange = new BoundedExchange(channel, TIMES, () -> connections.idle(channel));
    channel.pipeline().addLast(exchange);
    connections.add(channel);
    return channel;
  }

  private static void ask(EmbeddedChannel channel) {
    channel.writeInbound(
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.GET, "/", Unpooled.EMPTY_BUFFER));
  }
}
