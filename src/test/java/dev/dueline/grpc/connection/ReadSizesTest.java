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

  /** Reads of a principal in a pass. */
  private static final int FEW = 8;

  private final AtomicLong nanos = new AtomicLong();
  private final ReadGate.Turns turns = new ReadGate.Turns(ends -> {}, next -> {}, nanos::get);
  private final Connection connection =
      new TestConnections(nanos::get).accept(new PeerChannel("10.0.0.1", 1));
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
    assertThat(read()).isEqualTo(ReadSizes.Budget.OVER_BUDGET_BYTES);
    nanos.addAndGet(1_000_000);
    assertThat(read()).as("a millisecond later").isEqualTo(SMALL);
  }

  @Test
  void aKnownPeerIsReadInLargePiecesWhateverStrangersDo() {
    while (read() == SMALL) {}
    connection.admitted("known");
    assertThat(read()).isGreaterThan(ReadSizes.Budget.OVER_BUDGET_BYTES);
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
      connection.headers();
    }
    assertThat(read()).isEqualTo(SMALL);
    assertThat(read()).as("after one that began none").isGreaterThan(SMALL);
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
