package dev.dueline.grpc.connection;

import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Accepts no faster than event loops take what was accepted: others wait in the kernel's backlog,
 * where they cost nothing here. Without it a flood of connections piles up descriptors before
 * anything can count them.
 *
 * <p>It stands where Netty asks how much to read, which for a socket that listens means to accept:
 * the one place in the acceptor that grpc-java lets through.
 */
final class AcceptPace implements RecvByteBufAllocator {
  /** Enough to keep event loops busy, and little beside the connections that there may be. */
  private static final int MOST = 64;

  private final RecvByteBufAllocator plain = new ServerChannelRecvByteBufAllocator();
  private final AtomicInteger untaken = new AtomicInteger();
  private volatile @Nullable ChannelConfig listening;

  /** An event loop has taken a connection over. Any thread. */
  void taken() {
    ChannelConfig config = listening;
    if (untaken.decrementAndGet() < MOST && config != null && !config.isAutoRead()) {
      config.setAutoRead(true);
    }
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
      if (own != null && untaken.get() >= MOST) {
        own.setAutoRead(false);
        // What was taken meanwhile may have seen it still reading.
        if (untaken.get() < MOST) {
          own.setAutoRead(true);
        }
      }
    }
  }
}
