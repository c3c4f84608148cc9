package dev.dueline.grpc.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who is read when, on one event loop. */
class ReadGateTest {
  private static final int TURNS = 8;
  private static final int STUCK_BYTES = 100;

  private final List<Runnable> passes = new ArrayList<>();
  private final ReadGate.Turns turns = new ReadGate.Turns(passes::add, () -> 0);

  /** A connection, what asks for a read of it, and the reads that come through. */
  private final class Peer {
    private final PeerChannel channel = new PeerChannel("10.0.0.1", 1);
    private final Connection connection = new TestConnections().accept(channel);
    private int reads;

    Peer() {
      channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1, STUCK_BYTES));
      channel
          .pipeline()
          .addLast(
              new ChannelOutboundHandlerAdapter() {
                @Override
                public void read(ChannelHandlerContext context) {
                  reads++;
                }
              },
              new ReadGate(connection, turns, STUCK_BYTES));
    }

    void asks() {
      channel.read();
    }
  }

  private void pass() {
    List<Runnable> now = List.copyOf(passes);
    passes.clear();
    now.forEach(Runnable::run);
  }

  private List<Peer> asking(int count) {
    List<Peer> peers = IntStream.range(0, count).mapToObj(i -> new Peer()).toList();
    peers.forEach(Peer::asks);
    return peers;
  }

  private static int reads(List<Peer> peers) {
    return peers.stream().mapToInt(peer -> peer.reads).sum();
  }

  @Test
  void aStrangerIsReadAgainOnceItHasItsTurn() {
    Peer stranger = new Peer();
    assertThat(stranger.reads).as("the first waits for no turn").isEqualTo(1);
    assertThat(passes).isEmpty();
    stranger.asks();
    stranger.asks();
    assertThat(stranger.reads).isEqualTo(1);
    pass();
    assertThat(stranger.reads).as("two asked at once").isEqualTo(2);
    pass();
    assertThat(stranger.reads).as("nothing asked for more").isEqualTo(2);
  }

  @Test
  void aPassReadsAFewStrangers() {
    List<Peer> strangers = asking(3 * TURNS);
    for (int pass = 1; pass <= 3; pass++) {
      pass();
      assertThat(reads(strangers)).isEqualTo((3 + pass) * TURNS);
    }
    assertThat(strangers).allMatch(peer -> peer.reads == 2);
    assertThat(passes).isEmpty();
  }

  @Test
  void whoIsKnownIsReadAtOnce() {
    asking(3 * TURNS);
    Peer known = new Peer();
    known.connection.admitted();
    known.asks();
    known.asks();
    assertThat(known.reads).isEqualTo(3);
    assertThat(known.channel.config().isAutoRead()).isTrue();
  }

  @Test
  void newStrangersDoNotWaitBehindThoseWhoHadManyTurns() {
    List<Peer> old = asking(4 * TURNS);
    for (int turn = 0; turn < 16; turn++) {
      for (int pass = 0; pass < 4; pass++) {
        pass();
      }
      old.forEach(Peer::asks);
    }
    Peer fresh = new Peer();
    fresh.asks();
    int before = reads(old);
    pass();
    assertThat(fresh.reads).isEqualTo(2);
    assertThat(reads(old) - before).isEqualTo(TURNS - 1);
  }

  @Test
  void whoHasGoneTakesNoTurn() {
    List<Peer> gone = asking(2 * TURNS);
    Peer stranger = asking(1).get(0);
    gone.forEach(peer -> peer.channel.close());
    pass();
    assertThat(stranger.reads).isEqualTo(2);
    assertThat(gone).allMatch(peer -> peer.reads == 1);
  }

  @Test
  void whoDoesNotReadIsNotReadUntilItDoes() {
    for (boolean isKnown : List.of(false, true)) {
      Peer peer = new Peer();
      if (isKnown) {
        peer.connection.admitted();
      }
      peer.channel.write(Unpooled.buffer().writeZero(STUCK_BYTES + 1));
      assertThat(peer.connection.messageBytes()).isEqualTo(STUCK_BYTES);
      peer.asks();
      pass();
      assertThat(peer.reads).isEqualTo(1);
      peer.channel.flush();
      pass();
      assertThat(peer.reads).isEqualTo(2);
      assertThat(peer.connection.messageBytes()).isZero();
    }
  }
}
