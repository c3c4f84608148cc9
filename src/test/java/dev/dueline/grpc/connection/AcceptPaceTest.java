package dev.dueline.grpc.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.RecvByteBufAllocator.Handle;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server accepts while few connections are neither counted nor closed. */
class AcceptPaceTest {
  private static final int MOST = 48;

  private final AtomicInteger leaving = new AtomicInteger();
  private final AcceptPace pace = new AcceptPace(leaving::get);
  private final Handle handle = pace.newHandle();
  private final EmbeddedChannel listening = new EmbeddedChannel();

  @BeforeEach
  void listen() {
    handle.reset(listening.config());
  }

  private void accept(int connections) {
    handle.incMessagesRead(connections);
    handle.readComplete();
  }

  private boolean isAccepting() {
    return listening.config().isAutoRead();
  }

  @Test
  void waitsUntilEventLoopsHaveTakenSome() {
    accept(MOST - 1);
    assertThat(isAccepting()).isTrue();
    accept(1);
    assertThat(isAccepting()).isFalse();
    pace.taken(new EmbeddedChannel());
    assertThat(isAccepting()).isTrue();
  }

  @Test
  void waitsUntilThoseThatGaveWayHaveClosed() {
    EmbeddedChannel givingWay = new EmbeddedChannel();
    accept(2);
    pace.taken(givingWay);
    leaving.set(MOST - 1);
    accept(0);
    assertThat(isAccepting()).isFalse();
    leaving.decrementAndGet();
    givingWay.close();
    assertThat(isAccepting()).isTrue();
  }
}
