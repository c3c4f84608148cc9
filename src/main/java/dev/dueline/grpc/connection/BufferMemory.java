package dev.dueline.grpc.connection;

import io.netty.util.internal.PlatformDependent;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;

/**
 * Bytes of all direct buffers of the process, as its runtime counts them. What a peer makes the
 * service hold in them can be a multiple of what it sent: a slice keeps the buffer that it is of,
 * and the smallest buffer of an answer has 4 KiB. Any thread; takes nanoseconds.
 */
final class BufferMemory implements LongSupplier {
  private static final String POOL = "direct";

  private final LongSupplier runtime =
      ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
          .filter(pool -> pool.getName().equals(POOL))
          .<LongSupplier>map(pool -> pool::getMemoryUsed)
          .findAny()
          .orElse(() -> 0);

  /** Most of them, beyond which allocating fails; -XX:MaxDirectMemorySize. */
  static long max() {
    return PlatformDependent.maxDirectMemory();
  }

  @Override
  public long getAsLong() {
    // Netty counts those itself that it makes past the runtime; -1: it makes none.
    return Math.max(runtime.getAsLong(), PlatformDependent.usedDirectMemory());
  }
}
