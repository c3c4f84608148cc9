package dev.dueline.grpc.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who is read when, on one event loop. */
class ReadGateTest {
  private static final int TURNS = 8;
  private static final int FREE = 4;
  private static final int STUCK_BYTES = 100;

  private final List<Runnable> ends = new ArrayList<>();
  private final List<Runnable> passes = new ArrayList<>();
  private final ReadGate.Turns turns = new ReadGate.Turns(ends::add, passes::add, () -> 0);

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

    /** It is read as a connection of a principal, and asked for more. */
    void says() {
      turns.read(Objects.requireNonNull(connection.principal()));
      asks();
    }

    void asks() {
      channel.read();
    }
  }

  /** Ends one, and begins the next. */
  private void pass() {
    run(ends);
    run(passes);
  }

  private static void run(List<Runnable> tasks) {
    List<Runnable> now = List.copyOf(tasks);
    tasks.clear();
    now.forEach(Runnable::run);
  }

  /** Strangers that have used their free reads, and ask for one more. */
  private List<Peer> asking(int count) {
    List<Peer> peers = IntStream.range(0, count).mapToObj(i -> new Peer()).toList();
    for (int read = 0; read < FREE; read++) {
      peers.forEach(Peer::asks);
    }
    return peers;
  }

  /** Connections of a principal that are read by themselves. */
  private List<Peer> known(String principal, int count) {
    List<Peer> peers = IntStream.range(0, count).mapToObj(i -> new Peer()).toList();
    for (Peer each : peers) {
      each.connection.admitted(principal);
      each.channel.config().setAutoRead(true);
      pass();
      each.reads = 0;
    }
    return peers;
  }

  private static int reads(List<Peer> peers) {
    return peers.stream().mapToInt(peer -> peer.reads).sum();
  }

  @Test
  void aStrangerIsReadAgainOnceItHasItsTurn() {
    Peer stranger = asking(1).get(0);
    stranger.asks();
    assertThat(stranger.reads).isEqualTo(FREE);
    pass();
    assertThat(stranger.reads).as("two asked at once").isEqualTo(FREE + 1);
    pass();
    assertThat(stranger.reads).as("nothing asked for more").isEqualTo(FREE + 1);
  }

  @Test
  void aPassReadsAFewStrangers() {
    List<Peer> strangers = asking(3 * TURNS);
    for (int pass = 1; pass <= 3; pass++) {
      pass();
      assertThat(reads(strangers)).isEqualTo((3 * FREE + pass) * TURNS);
    }
    assertThat(strangers).allMatch(peer -> peer.reads == FREE + 1);
    assertThat(passes).isEmpty();
  }

  @Test
  void whoIsKnownIsReadAtOnce() {
    asking(3 * TURNS);
    Peer known = new Peer();
    known.connection.admitted("known");
    known.asks();
    known.asks();
    assertThat(known.reads).isEqualTo(3);
    assertThat(known.channel.config().isAutoRead()).isTrue();
  }

  @Test
  void aPrincipalIsReadAFewTimesInAPassAndThenInTurns() {
    List<Peer> busy = known("busy", 3 * TURNS);
    busy.forEach(Peer::says);
    assertThat(reads(busy)).as("at once").isEqualTo(TURNS);
    pass();
    assertThat(reads(busy)).as("in turns").isEqualTo(2 * TURNS);
    busy.subList(0, TURNS).forEach(Peer::says);
    assertThat(reads(busy)).as("behind those that wait").isEqualTo(2 * TURNS);
    pass();
    assertThat(busy).allMatch(peer -> peer.reads == 1);
    pass();
    assertThat(busy.subList(0, TURNS)).allMatch(peer -> peer.reads == 2);
    assertThat(passes).isEmpty();
  }

  @Test
  void aPrincipalDoesNotWaitForOthers() {
    known("busy", 4 * TURNS).forEach(Peer::says);
    asking(2 * TURNS);
    List<Peer> other = known("other", TURNS);
    other.forEach(Peer::says);
    assertThat(other).allMatch(peer -> peer.reads == 1);
  }

  @Test
  void whoHadItsTurnIsReadByItselfAgain() {
    List<Peer> busy = known("busy", TURNS + 1);
    busy.forEach(Peer::says);
    Peer last = busy.get(TURNS);
    assertThat(last.channel.config().isAutoRead()).isFalse();
    pass();
    last.says();
    assertThat(last.reads).isEqualTo(2);
    assertThat(last.channel.config().isAutoRead()).isTrue();
  }

  @Test
  void aNewStrangerDoesNotWaitBehindOthers() {
    asking(4 * TURNS);
    Peer stranger = new Peer();
    for (int read = 1; read < FREE; read++) {
      stranger.asks();
    }
    assertThat(stranger.reads).isEqualTo(FREE);
    stranger.asks();
    pass();
    assertThat(stranger.reads).isEqualTo(FREE);
  }

  @Test
  void whoHasGoneTakesNoTurn() {
    List<Peer> gone = asking(2 * TURNS);
    Peer stranger = asking(1).get(0);
    gone.forEach(peer -> peer.channel.close());
    pass();
    assertThat(stranger.reads).isEqualTo(FREE + 1);
    assertThat(gone).allMatch(peer -> peer.reads == FREE);
  }

  @Test
  void whoDoesNotReadIsNotReadUntilItDoes() {
    for (boolean isKnown : List.of(false, true)) {
      Peer peer = new Peer();
      if (isKnown) {
        peer.connection.admitted("known");
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
