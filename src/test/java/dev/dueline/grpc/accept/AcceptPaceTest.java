package dev.dueline.grpc.accept;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.RecvByteBufAllocator.Handle;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server accepts while few connections are neither taken, nor given back. */
class AcceptPaceTest {
  private static final int MAX = 100;

  private final AcceptPace pace = new AcceptPace(MAX);
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

  private EmbeddedChannel take() {
    EmbeddedChannel channel = new EmbeddedChannel();
    pace.taken(channel);
    return channel;
  }

  private boolean isAccepting() {
    return listening.config().isAutoRead();
  }

  @Test
  void waitsUntilEventLoopsHaveTakenSome() {
    accept(OpenChannels.MARGIN - 1);
    assertThat(isAccepting()).isTrue();
    accept(1);
    assertThat(isAccepting()).isFalse();
    take();
    assertThat(isAccepting()).isTrue();
  }

  @Test
  void waitsUntilDescriptorsAreGivenBack() {
    List<EmbeddedChannel> open = new ArrayList<>();
    for (int i = 1; i < MAX + OpenChannels.MARGIN; i++) {
      accept(1);
      open.add(take());
    }
    assertThat(isAccepting()).isTrue();
    accept(1);
    open.add(take());
    assertThat(isAccepting()).isFalse();
    EmbeddedChannel first = open.get(0);
    // A channel of this kind that is closed itself forgets what is scheduled.
    first.pipeline().close();
    assertThat(isAccepting()).as("before the next pass of its loop").isFalse();
    first.runScheduledPendingTasks();
    assertThat(isAccepting()).isTrue();
  }

  @Test
  void noneIsAcceptedInTheSameBatchOnceThereAreTooMany() {
    handle.incMessagesRead(OpenChannels.MARGIN);
    assertThat(isAccepting()).isFalse();
    assertThat(handle.continueReading()).isFalse();
  }
}
