package dev.dueline.grpc.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames that carry next to nothing are counted, wherever reads cut them; others are free. */
class FrameGuardTest {
  private static final int MOST = 100;
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int PING = 6;
  private static final int CONTINUATION = 9;
  private static final int END_STREAM = 0x1;
  private static final int PADDED = 0x8;

  private final AtomicLong nanos = new AtomicLong();
  private final TestConnections connections = new TestConnections(nanos::get);
  private final PeerChannel channel = new PeerChannel("10.0.0.1", 1);
  private final Connection connection = connections.accept(channel);

  FrameGuardTest() {
    channel.pipeline().addLast(new FrameGuard(connection, MOST, nanos::get));
    channel.writeInbound(Unpooled.buffer().writeZero(24));
  }

  private static ByteBuf frame(int type, int flags, int length) {
    return frame(type, flags, 1, length);
  }

  private static ByteBuf frame(int type, int flags, int stream, int length) {
    return Unpooled.buffer()
        .writeMedium(length)
        .writeByte(type)
        .writeByte(flags)
        .writeInt(stream)
        .writeZero(length);
  }

  /** Headers that begin a call, the first or a further one. */
  private static ByteBuf begin(int call) {
    return frame(HEADERS, 0, 2 * call + 1, 50);
  }

  /** How many of a frame get through, up to ten times those that may. */
  private int accepted(int type, int flags, int length) {
    for (int sent = 0; sent < 10 * MOST; sent++) {
      channel.writeInbound(frame(type, flags, length));
      if (connection.isOver()) {
        return sent;
      }
    }
    return 10 * MOST;
  }

  @Test
  void emptyDataIsBounded() {
    assertThat(accepted(DATA, 0, 0)).isEqualTo(MOST);
    assertThat(connections.ended).containsExactly(EndReason.EMPTY_FRAMES);
  }

  @Test
  void dataOfAByteIsBounded() {
    assertThat(accepted(DATA, 0, 1)).isEqualTo(MOST);
  }

  @Test
  void dataThatIsPaddingIsBounded() {
    assertThat(accepted(DATA, PADDED, 300)).isEqualTo(MOST);
  }

  @Test
  void dataThatIsWorthAFrameIsFree() {
    assertThat(accepted(DATA, 0, 256)).isEqualTo(10 * MOST);
  }

  @Test
  void controlFramesAreBounded() {
    assertThat(accepted(SETTINGS, 0, 0)).isEqualTo(MOST);
  }

  @Test
  void emptyContinuationsAreBounded() {
    assertThat(accepted(CONTINUATION, 0, 0)).isEqualTo(MOST);
  }

  @Test
  void callsWithASmallMessageAreFree() {
    for (int call = 0; call < 10 * MOST; call++) {
      channel.writeInbound(begin(call), frame(DATA, 0, 20), frame(DATA, 1, 0));
    }

    assertThat(connection.isOver()).isFalse();
  }

  @Test
  void trailersOfEachCallAreFree() {
    for (int call = 0; call < 10 * MOST; call++) {
      channel.writeInbound(
          begin(call), frame(DATA, 0, 20), frame(HEADERS, END_STREAM, 2 * call + 1, 10));
    }

    assertThat(connection.isOver()).isFalse();
  }

  /** HTTP/2 resets the stream for headers that come again and do not end it. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4, 5, 8, 9})
  void trailersDoNotGetThroughAsSuch(int cut) {
    channel.writeInbound(begin(1));
    channel.releaseInbound();
    ByteBuf trailers = frame(HEADERS, END_STREAM, 3, 10);

    channel.writeInbound(trailers.readRetainedSlice(cut), trailers.retain());

    // Beyond repair where their flags were read before their stream.
    assertThat(connection.isOver()).isEqualTo(cut > 4 && cut < 9);
    assertThat(trailers.getByte(4)).isEqualTo((byte) (connection.isOver() ? END_STREAM : 0));
    channel.releaseInbound();
    trailers.release();
  }

  @Test
  void headersThatBeginNoCallAreBounded() {
    channel.writeInbound(begin(1));

    assertThat(accepted(HEADERS, 0, 50)).isEqualTo(MOST);
    assertThat(connections.ended).containsExactly(EndReason.EMPTY_FRAMES);
  }

  @Test
  void headersThatBeginNoCallPayForNothing() {
    channel.writeInbound(begin(1));
    for (int each = 0; each < MOST / 4; each++) {
      channel.writeInbound(frame(HEADERS, 0, 50), frame(DATA, 0, 0), frame(DATA, 0, 0));
      channel.writeInbound(frame(PING, 0, 8));
    }
    assertThat(connection.isOver()).isFalse();

    channel.writeInbound(frame(DATA, 0, 0));

    assertThat(connection.isOver()).isTrue();
  }

  @Test
  void aResetOfEachCallIsFreeAndOthersAreBounded() {
    for (int call = 0; call < 10 * MOST; call++) {
      channel.writeInbound(begin(call), frame(RST_STREAM, 0, 4));
    }
    assertThat(connection.isOver()).isFalse();

    assertThat(accepted(RST_STREAM, 0, 4)).isEqualTo(MOST);
  }

  static Stream<Arguments> tables() {
    return Stream.of(
        arguments(0L, 0L),
        arguments(100L, 100L),
        arguments(4_095L, 4_095L),
        arguments(4_096L, 4_096L),
        arguments(4_097L, 4_096L),
        arguments(0x1F00L, 4_096L),
        arguments(65_536L, 4_096L),
        arguments(0x0100_0001L, 4_096L),
        arguments(0xFFFF_FFFFL, 4_096L));
  }

  /**
   * A table of headers has 4 KiB at most, and answers are written whatever a peer likes to take.
   */
  @ParameterizedTest
  @MethodSource("tables")
  void settingsThatWouldCostMuchAreBounded(long asked, long kept) {
    channel.releaseInbound();
    for (int cut = 1; cut < 9 + 18; cut++) {
      ByteBuf settings = frame(SETTINGS, 0, 18);
      settings.setShort(9, 3).setInt(11, 77);
      settings.setShort(15, 1).setInt(17, (int) asked);
      settings.setShort(21, 6).setInt(23, 1);
      channel.writeInbound(settings.readRetainedSlice(cut), settings);

      ByteBuf first = channel.readInbound();
      ByteBuf rest = channel.readInbound();
      ByteBuf read = Unpooled.wrappedBuffer(first, rest);
      assertThat(read.getInt(11)).isEqualTo(77);
      assertThat(read.getShort(15)).isEqualTo((short) 1);
      assertThat(read.getUnsignedInt(17)).isEqualTo(kept);
      assertThat(read.getUnsignedInt(23)).isEqualTo(0xFFFF_FFFFL);
      read.release();
    }
  }

  @Test
  void aPingForEachAnswerIsFree() {
    for (int answer = 0; answer < 10 * MOST; answer++) {
      channel.writeOutbound(frame(DATA, 0, 20));
      channel.writeInbound(frame(PING, 0, 8));
    }

    assertThat(connection.isOver()).isFalse();
  }

  @Test
  void anAnswerToAPingEarnsNothing() {
    for (int ping = 0; ping < MOST; ping++) {
      channel.writeInbound(frame(PING, 0, 8));
      channel.writeOutbound(frame(PING, 1, 8));
    }
    assertThat(connection.isOver()).isFalse();

    channel.writeInbound(frame(PING, 0, 8));

    assertThat(connection.isOver()).isTrue();
  }

  @Test
  void timeEarnsMore() {
    assertThat(accepted(PING, 0, 8)).isEqualTo(MOST);
    connections.ended.clear();
    PeerChannel other = new PeerChannel("10.0.0.1", 2);
    Connection slow = connections.accept(other);
    other.pipeline().addLast(new FrameGuard(slow, MOST, nanos::get));
    other.writeInbound(Unpooled.buffer().writeZero(24));
    for (int ping = 0; ping < 10 * MOST; ping++) {
      nanos.addAndGet(10_000_000);
      other.writeInbound(frame(PING, 0, 8));
    }

    assertThat(slow.isOver()).isFalse();
  }

  @Test
  void framesAreCountedWhereverReadsCutThem() {
    ByteBuf all = Unpooled.buffer();
    for (int each = 0; each < MOST; each++) {
      all.writeBytes(frame(DATA, 0, 3));
    }
    int size = 1;
    while (all.isReadable()) {
      channel.writeInbound(all.readRetainedSlice(Math.min(size, all.readableBytes())));
      size = size % 17 + 1;
    }

    assertThat(connection.isOver()).isFalse();
    channel.writeInbound(frame(DATA, 0, 3));
    assertThat(connection.isOver()).isTrue();
  }

  @Test
  void whatComesWithAFrameTooManyIsNotRead() {
    channel.releaseInbound();
    ByteBuf all = frame(HEADERS, 0, 50);
    for (int each = 0; each < 2 * MOST; each++) {
      all.writeBytes(frame(PING, 0, 8));
    }

    channel.writeInbound(all);

    assertThat(channel.<Object>readInbound()).isNull();
    assertThat(all.refCnt()).isZero();
  }
}
