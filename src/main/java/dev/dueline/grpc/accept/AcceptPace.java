package dev.dueline.grpc.accept;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Has gRPC's server accept by its {@link OpenChannels}. It stands where Netty asks how much to
 * read, which for a socket that listens means to accept: the one place in the acceptor that
 * grpc-java lets through.
 */
public final class AcceptPace implements RecvByteBufAllocator {
  private final RecvByteBufAllocator plain = new ServerChannelRecvByteBufAllocator();
  private final OpenChannels channels;

  /**
   * That of a server.
   *
   * @param max connections that there may be
   */
  public AcceptPace(int max) {
    this.channels = new OpenChannels(max);
  }

  /** An event loop has taken a connection over. */
  public void taken(Channel accepted) {
    channels.follow(accepted);
    channels.taken();
  }

  @Override
  public Handle newHandle() {
    return new PacedHandle(plain.newHandle());
  }

  /** Of the acceptor's thread. */
  private final class PacedHandle extends DelegatingHandle {
    private @Nullable ChannelConfig listening;

    PacedHandle(Handle plain) {
      super(plain);
    }

    @Override
    public void reset(ChannelConfig config) {
      listening = config;
      super.reset(config);
    }

    @Override
    public void incMessagesRead(int accepted) {
      if (listening != null) {
        channels.accepted(accepted, listening);
      }
      super.incMessagesRead(accepted);
    }

    @Override
    public void readComplete() {
      super.readComplete();
      // What was taken or closed meanwhile may have seen it still reading.
      channels.resume();
    }
  }
}
