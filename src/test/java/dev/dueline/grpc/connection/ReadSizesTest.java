package dev.dueline.grpc.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator.Handle;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How much is read at once, of whom. */
class ReadSizesTest {
  private static final int SMALL = 4 << 10;
  private static final int BUDGET = 64 << 10;

  /** Of compressed messages, once they are read. */
  private static final int FREE_INFLATED = 256 << 10;

  /** Reads of a principal in a pass. */
  private static final int FEW = 8;

  private final AtomicLong nanos = new AtomicLong();
  private final TestConnections connections = new TestConnections(nanos::get);
  private final PeerChannel channel = new PeerChannel("10.0.0.1", 1);
  private final Connection connection = connections.accept(channel);

  /** Passes never end. */
  private final ReadGate.Turns turns = connections.all.turns(channel);

  private final Handle handle = new ReadSizes(connection, turns).newHandle();

  @Test
  void aStrangerIsReadInSmallPieces() {
    assertThat(read()).isEqualTo(SMALL);
  }

  @Test
  void strangersBeyondTheirBudgetAreReadBytesAtATimeBeyondTheBudget() {
    for (int bytes = 0; bytes < BUDGET; bytes += SMALL) {
      assertThat(read()).isEqualTo(SMALL);
    }
    assertThat(read()).isEqualTo(ReadCost.LEAST_BYTES);
    nanos.addAndGet(1_000_000);
    assertThat(read()).as("a millisecond later").isEqualTo(SMALL);
  }

  @Test
  void aKnownPeerIsReadInLargePiecesWhateverStrangersDo() {
    while (read() == SMALL) {}
    connection.admitted("known");
    assertThat(read()).isGreaterThan(ReadCost.LEAST_BYTES);
    fill();
    assertThat(read()).isGreaterThan(SMALL);
  }

  @Test
  void whatAPrincipalSendsAfterMuchInTheSamePassIsReadInSmallPieces() {
    connection.admitted("known");
    fill();
    for (int i = 0; i < FEW; i++) {
      assertThat(read()).isGreaterThan(SMALL);
    }
    assertThat(read()).isEqualTo(SMALL);
    connection.admitted("another");
    assertThat(read()).isGreaterThan(SMALL);
  }

  @Test
  void aReadThatBeganManyCallsIsFollowedByASmallOne() {
    connection.admitted("known");
    fill();
    for (int i = 0; i < 33; i++) {
      connection.cost.call();
    }
    assertThat(read()).isEqualTo(SMALL);
    assertThat(read()).as("after one that began none").isGreaterThan(SMALL);
  }

  @Test
  void whoSendsMessagesThatBecomeLargeIsReadBytesAtATimeForAsLongAsThatTakes() {
    connection.admitted("known");
    fill();
    connection.cost.inflated(FREE_INFLATED);
    assertThat(read()).as("no more than is free").isGreaterThan(SMALL);
    connection.cost.inflated(4 << 20);
    int reads = 0;
    while (read() == ReadCost.LEAST_BYTES) {
      reads++;
    }
    assertThat(reads).as("as many as 4 MiB are large reads").isBetween(60, 64);
  }

  @Test
  void aStrangerWhoseMessageBecomesLargeIsReadBytesAtATime() {
    connection.cost.inflated(4 << 20);
    assertThat(read()).isEqualTo(ReadCost.LEAST_BYTES);
  }

  @Test
  void messagesThatBecomeLargeUseUpWhatStrangersMaySend() {
    ReadCost known = new ReadCost(turns.bytes);
    known.inflated(FREE_INFLATED);
    assertThat(read()).as("no more than is free").isEqualTo(SMALL);
    known.inflated(64 << 20);
    assertThat(read()).isEqualTo(ReadCost.LEAST_BYTES);
    nanos.addAndGet(900_000_000);
    assertThat(read()).isEqualTo(ReadCost.LEAST_BYTES);
    nanos.addAndGet(200_000_000);
    assertThat(read()).as("a second later").isEqualTo(SMALL);
  }

  @Test
  void whoCompressesIsReadBytesAtATimeWhileOthersHaveSentMessagesThatBecomeLarge() {
    connection.admitted("known");
    fill();
    new ReadCost(turns.bytes).inflated(64 << 20);
    assertThat(read()).as("who does not").isGreaterThan(SMALL);
    connection.cost.compresses();
    assertThat(read()).isEqualTo(ReadCost.LEAST_BYTES);
    nanos.addAndGet(1_100_000_000);
    assertThat(read()).as("a second later").isGreaterThan(SMALL);
  }

  /** What was read filled its buffer, so that the next may be larger. */
  private void fill() {
    handle.attemptedBytesRead(1 << 20);
    handle.lastBytesRead(1 << 20);
    handle.readComplete();
  }

  private int read() {
    ByteBuf buffer = handle.allocate(UnpooledByteBufAllocator.DEFAULT);
    try {
      return buffer.capacity();
    } finally {
      buffer.release();
    }
  }
}
