package dev.dueline.grpc.connection;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/**
 * How much is read from a connection before others have their turn on the same event loop. The work
 * in it has no other bound: 4 KiB hold the headers of a hundred calls.
 */
final class ReadSizes {
  private static final int STRANGER_BYTES = 4 << 10;
  private static final int LEAST_BYTES = 64;
  private static final int FIRST_BYTES = 2 << 10;
  private static final int MOST_BYTES = 64 << 10;

  private ReadSizes() {}

  static RecvByteBufAllocator stranger() {
    return new FixedRecvByteBufAllocator(STRANGER_BYTES).maxMessagesPerRead(1);
  }

  /** Netty's own sizes, but one read at a time. */
  static RecvByteBufAllocator known() {
    return new AdaptiveRecvByteBufAllocator(LEAST_BYTES, FIRST_BYTES, MOST_BYTES)
        .maxMessagesPerRead(1);
  }
}
