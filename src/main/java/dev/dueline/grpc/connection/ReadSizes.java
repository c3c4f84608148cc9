package dev.dueline.grpc.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/**
 * How much is read from a connection before others have their turn on the same event loop. The work
 * in it has no other bound: 4 KiB of a stranger's hold the headers of a hundred calls.
 */
final class ReadSizes implements RecvByteBufAllocator {
  private static final int STRANGER_BYTES = 4 << 10;

  private final Connection connection;
  private final RecvByteBufAllocator plain =
      new AdaptiveRecvByteBufAllocator().maxMessagesPerRead(1);

  ReadSizes(Connection connection) {
    this.connection = connection;
  }

  /** Netty asks once for a channel: who its peer is has to be looked at with each read. */
  @Override
  public Handle newHandle() {
    return new DelegatingHandle(plain.newHandle()) {
      @Override
      public int guess() {
        return connection.isKnown() ? super.guess() : STRANGER_BYTES;
      }

      @Override
      public ByteBuf allocate(ByteBufAllocator allocator) {
        connection.reads();
        return allocator.ioBuffer(guess());
      }
    };
  }
}
