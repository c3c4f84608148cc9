package dev.dueline.grpc.connection;

import dev.dueline.access.Allowance;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/**
 * How much is read from a connection before others have their turn on the same event loop. The work
 * in it has no other bound: 4 KiB hold the headers of a hundred calls. More is read at once only of
 * a known peer that begins few calls with it, and whose principal was not read much in this pass.
 */
final class ReadSizes implements RecvByteBufAllocator {
  private static final int SMALL_BYTES = 4 << 10;

  /** Calls that may begin with one read before the next is small. */
  private static final int FEW_CALLS = 32;

  private final Connection connection;
  private final ReadGate.Turns turns;
  private final RecvByteBufAllocator plain =
      new AdaptiveRecvByteBufAllocator().maxMessagesPerRead(1);

  /**
   * Those of one connection.
   *
   * @param turns those on its event loop
   */
  ReadSizes(Connection connection, ReadGate.Turns turns) {
    this.connection = connection;
    this.turns = turns;
  }

  /** Netty asks once for a channel: who its peer is has to be looked at with each read. */
  @Override
  public Handle newHandle() {
    return new DelegatingHandle(plain.newHandle()) {
      @Override
      public ByteBuf allocate(ByteBufAllocator allocator) {
        int callsBefore = connection.callsOfRead();
        connection.reads();
        return allocator.ioBuffer(size(callsBefore));
      }

      private int size(int callsBefore) {
        String principal = connection.principal();
        if (principal == null) {
          return turns.bytes.take(SMALL_BYTES);
        }
        boolean isMuch = turns.read(principal);
        return isMuch || callsBefore > FEW_CALLS ? SMALL_BYTES : guess();
      }
    };
  }

  /**
   * How many bytes the strangers of one event loop may send together before each read of them is
   * small: a thousand strangers with something to say must not make one turn of the loop long,
   * since every step of everybody's calls waits for a turn. On that event loop.
   */
  static final class Budget {
    /** Of each read beyond the budget: a first call arrives in a few of them. */
    static final int OVER_BUDGET_BYTES = 256;

    /** Eight thousand first calls. */
    private static final int BYTES_PER_SECOND = 4 << 20;

    private static final int MOST_BYTES = 64 << 10;

    private final Allowance bytes;
    private final Allowance.NanoClock clock;

    /** Full. */
    Budget(Allowance.NanoClock clock) {
      this.bytes = new Allowance(MOST_BYTES, BYTES_PER_SECOND, clock.nanoTime());
      this.clock = clock;
    }

    /** What to read, of so much that is wanted. */
    int take(int wanted) {
      return bytes.take(wanted, clock) ? wanted : Math.min(wanted, OVER_BUDGET_BYTES);
    }
  }
}
