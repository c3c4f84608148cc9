package dev.dueline.grpc.connection;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Accepts no faster than event loops take what was accepted, and close what gave way to it: others
 * wait in the kernel's backlog, where they cost nothing here. Without it a flood of connections
 * piles up descriptors that nothing counts, or counts any longer.
 *
 * <p>It stands where Netty asks how much to read, which for a socket that listens means to accept:
 * the one place in the acceptor that grpc-java lets through.
 */
final class AcceptPace implements RecvByteBufAllocator {
  /** Enough to keep event loops busy, and little beside the connections that there may be. */
  private static final int MOST = 48;

  private final RecvByteBufAllocator plain = new ServerChannelRecvByteBufAllocator();
  private final AtomicInteger untaken = new AtomicInteger();
  private final IntSupplier leaving;
  private volatile @Nullable ChannelConfig listening;

  /**
   * Accepts nothing yet.
   *
   * @param leaving how many connections count no longer, and are yet to close; any thread
   */
  AcceptPace(IntSupplier leaving) {
    this.leaving = leaving;
  }

  /** An event loop has taken a connection over. Any thread. */
  void taken(Channel channel) {
    untaken.decrementAndGet();
    channel.closeFuture().addListener(closed -> resume());
    resume();
  }

  private void resume() {
    ChannelConfig config = listening;
    if (config != null && !config.isAutoRead() && !areTooMany()) {
      config.setAutoRead(true);
    }
  }

  private boolean areTooMany() {
    return untaken.get() + leaving.getAsInt() >= MOST;
  }

  @Override
  public Handle newHandle() {
    return new PacedHandle(plain.newHandle());
  }

  /** Of the acceptor's thread. */
  private final class PacedHandle extends DelegatingHandle {
    private @Nullable ChannelConfig config;

    PacedHandle(Handle plain) {
      super(plain);
    }

    @Override
    public void reset(ChannelConfig now) {
      config = now;
      listening = now;
      super.reset(now);
    }

    @Override
    public void incMessagesRead(int accepted) {
      untaken.addAndGet(accepted);
      super.incMessagesRead(accepted);
    }

    @Override
    public void readComplete() {
      super.readComplete();
      ChannelConfig own = config;
      if (own != null && areTooMany()) {
        own.setAutoRead(false);
        // What was taken or closed meanwhile may have seen it still reading.
        resume();
      }
    }
  }
}
