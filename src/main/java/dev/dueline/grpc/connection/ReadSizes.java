package dev.dueline.grpc.connection;

import dev.dueline.access.Allowance;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/**
 * How much is read from a connection before others have their turn on the same event loop. The work
 * in it has no other bound: 4 KiB hold the headers of a hundred calls, or a message that becomes 4
 * MiB. More is read at once only of a known peer to whom that cost little, and whose principal was
 * not read much in this pass.
 */
final class ReadSizes implements RecvByteBufAllocator {
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
        int most = connection.cost.next();
        connection.reads();
        return allocator.ioBuffer(Math.min(most, size()));
      }

      private int size() {
        String principal = connection.principal();
        if (principal == null) {
          return turns.bytes.take(ReadCost.SMALL_BYTES);
        }
        return turns.read(principal) ? ReadCost.SMALL_BYTES : guess();
      }
    };
  }

  /**
   * How many bytes the strangers of one event loop may send together before each read of them is
   * small: a thousand strangers with something to say must not make one turn of the loop long,
   * since every step of everybody's calls waits for a turn. On that event loop.
   */
  static final class Budget {
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

    /** Takes so much of the budget though it is not left. */
    void owe(long some) {
      bytes.owe(some);
    }

    /** Whether more was taken of it than may be for now. */
    boolean isOwing() {
      return bytes.isOwing(clock);
    }

    /** What to read, of so much that is wanted. */
    int take(int wanted) {
      return bytes.take(wanted, clock) ? wanted : Math.min(wanted, ReadCost.LEAST_BYTES);
    }
  }
}
