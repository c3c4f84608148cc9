package dev.dueline.ops.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.grpc.accept.OpenChannels;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A server accepts again once the end of what was too many has been seen. */
class BoundedAcceptorTest {
  private static final int MAX = 3;

  private final EmbeddedChannel listening =
      new EmbeddedChannel(new BoundedAcceptor(new BoundedConnections(MAX)));

  @Test
  void pausesWhileTheEventLoopIsBehind() {
    List<EmbeddedChannel> accepted = accept(MAX + OpenChannels.MARGIN - 1);
    assertThat(listening.config().isAutoRead()).isTrue();
    accepted.addAll(accept(1));
    assertThat(listening.config().isAutoRead()).isFalse();
    // Ended long ago, but none of them has been seen to.
    assertThat(accepted).filteredOn(EmbeddedChannel::isOpen).hasSize(MAX);
    accepted.get(0).runScheduledPendingTasks();
    assertThat(listening.config().isAutoRead()).isTrue();
  }

  @Test
  void aConnectionThatTheEventLoopHasNotTakenIsCounted() {
    for (int i = 0; i < MAX + OpenChannels.MARGIN; i++) {
      listening.writeInbound(new EmbeddedChannel(false, false));
    }
    assertThat(listening.config().isAutoRead()).isFalse();
  }

  @Test
  void thoseThatEndByThemselvesMakeRoom() {
    List<EmbeddedChannel> accepted = accept(MAX);
    // A channel of this kind that is closed itself forgets what is scheduled.
    accepted.forEach(channel -> channel.pipeline().close());
    accepted.forEach(EmbeddedChannel::runScheduledPendingTasks);
    accept(MAX + OpenChannels.MARGIN - 1);
    assertThat(listening.config().isAutoRead()).isTrue();
  }

  private List<EmbeddedChannel> accept(int count) {
    List<EmbeddedChannel> accepted = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      EmbeddedChannel channel = new EmbeddedChannel();
      accepted.add(channel);
      listening.writeInbound(channel);
    }
    return accepted;
  }
}
