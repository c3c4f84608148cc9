package dev.dueline.ops.memory;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;

/**
 * Whether there are buffers for the network. Netty refuses one by an OutOfMemoryError, by which the
 * connection that asked for it ends and gives back what it had: that alone is no reason to end the
 * process, or any peer could. Where there is none for anybody for some time, no connection can be
 * read from any more, not even that of a liveness probe.
 */
final class DirectMemory {
  /** What a read from a connection asks for at most. */
  private static final int BYTES = 64 << 10;

  /** Looks in a row, two seconds apart. */
  private static final int TRIES = 5;

  private final ByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
  private int failures;

  void look() {
    try {
      allocator.directBuffer(BYTES).release();
      failures = 0;
    } catch (OutOfMemoryError e) {
      failures++;
      if (failures >= TRIES) {
        OutOfMemory.end(
            "no buffer for the network could be had for some time, of "
                + PlatformDependent.maxDirectMemory()
                + " bytes (-XX:MaxDirectMemorySize): "
                + e.getMessage());
      }
    }
  }
}
