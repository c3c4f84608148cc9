package dev.dueline.grpc.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** TLS records out of which nothing comes are counted, wherever reads cut them; others are free. */
class RecordGuardTest {
  private static final int MOST = 100;
  private static final int HANDSHAKE = 22;
  private static final int DATA = 23;
  private static final int LENGTH = 300;
  private static final int LARGEST = 16 << 10;

  /** Of a key update. */
  private static final int SHORT = 22;

  private final List<String> ended = new ArrayList<>();
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final HandshakeBytes handshakes = new HandshakeBytes(LENGTH);
  private boolean hasData;

  RecordGuardTest() {
    RecordGuard guard = new RecordGuard(new Ended(), handshakes, () -> 0);
    channel.pipeline().addLast(guard);
    channel.pipeline().addLast(new Decryption());
    channel.pipeline().addLast(guard.behind());
  }

  /** Tells why it was ended. */
  private final class Ended implements RecordGuard.Peer {
    @Override
    public boolean isOver() {
      return !ended.isEmpty();
    }

    @Override
    public void sentEmptyRecords() {
      ended.add("empty");
    }

    @Override
    public void handshakeIsTooLong() {
      ended.add("long");
    }
  }

  /** Hands on what is read, or nothing. */
  private final class Decryption extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object read) {
      if (hasData) {
        context.fireChannelRead(read);
      } else {
        ((ByteBuf) read).release();
      }
    }
  }

  private static ByteBuf record(int type) {
    return record(type, LENGTH);
  }

  private static ByteBuf record(int type, int length) {
    return Unpooled.buffer()
        .writeByte(type)
        .writeShort(0x0303)
        .writeShort(length)
        .writeZero(length);
  }

  /** How many records get through, up to ten times those that may. */
  private int accepted() {
    for (int sent = 0; sent < 10 * MOST; sent++) {
      channel.writeInbound(record(DATA, SHORT));
      if (!ended.isEmpty()) {
        return sent;
      }
    }
    return 10 * MOST;
  }

  private void handshakeIsOver() {
    channel.pipeline().fireUserEventTriggered(SslHandshakeCompletionEvent.SUCCESS);
  }

  @Test
  void recordsWithoutDataAreBounded() {
    handshakeIsOver();
    assertThat(accepted()).isEqualTo(MOST);
    assertThat(ended).containsExactly("empty");
  }

  @Test
  void recordsWithDataAreFree() {
    handshakeIsOver();
    hasData = true;
    assertThat(accepted()).isEqualTo(10 * MOST);
  }

  @Test
  void aLargeRecordWithoutDataEndsTheConnection() {
    handshakeIsOver();
    channel.writeInbound(record(DATA, LARGEST));
    assertThat(ended).containsExactly("empty");
  }

  @Test
  void largeRecordsWithDataBesideOneWithoutAreFree() {
    handshakeIsOver();
    hasData = true;
    channel.writeInbound(record(DATA, LARGEST));
    hasData = false;
    channel.writeInbound(record(DATA, SHORT));
    assertThat(ended).isEmpty();
  }

  @Test
  void recordsByTheByteAreCounted() {
    handshakeIsOver();
    ByteBuf all = Unpooled.buffer();
    for (int i = 0; i <= MOST; i++) {
      all.writeBytes(record(DATA, SHORT));
    }
    int sent = 0;
    while (ended.isEmpty() && all.isReadable()) {
      channel.writeInbound(all.readBytes(1));
      sent++;
    }
    assertThat(ended).isNotEmpty();
    assertThat(sent).isEqualTo((MOST + 1) * (SHORT + 5));
  }

  @Test
  void manyRecordsInOneReadAreCounted() {
    handshakeIsOver();
    ByteBuf all = Unpooled.buffer();
    for (int i = 0; i <= MOST; i++) {
      all.writeBytes(record(DATA, SHORT));
    }
    channel.writeInbound(all);
    assertThat(ended).isNotEmpty();
  }

  @Test
  void aLongHandshakeMayGoOnWhileThereIsRoom() {
    channel.writeInbound(record(HANDSHAKE, HandshakeBytes.FREE));
    assertThat(handshakes.hold(LENGTH)).isFalse();
    assertThat(ended).isEmpty();
    channel.writeInbound(record(HANDSHAKE));
    assertThat(ended).containsExactly("long");
  }

  @Test
  void anAddressHasHalfOfWhatLongHandshakesMayHold() {
    HandshakeBytes all = new HandshakeBytes(LENGTH);
    HandshakeBytes one = all.ofAddress();
    assertThat(one.hold(LENGTH / 2)).isTrue();
    assertThat(one.hold(1)).isFalse();
    assertThat(all.ofAddress().hold(LENGTH / 2)).isTrue();
    assertThat(all.ofAddress().hold(1)).isFalse();
    one.release(LENGTH / 2);
    assertThat(all.hold(LENGTH / 2)).isTrue();
  }

  @Test
  void whatALongHandshakeHeldIsFreeOnceItIsOver() {
    channel.writeInbound(record(HANDSHAKE, HandshakeBytes.FREE));
    handshakeIsOver();
    assertThat(handshakes.hold(LENGTH)).isTrue();
  }

  @Test
  void whatALongHandshakeHeldIsFreeOnceItsChannelIsClosed() {
    channel.writeInbound(record(HANDSHAKE, HandshakeBytes.FREE));
    channel.close();
    assertThat(handshakes.hold(LENGTH)).isTrue();
  }

  @Test
  void aHandshakeAfterTheFirstEndsTheConnection() {
    channel.writeInbound(record(HANDSHAKE));
    handshakeIsOver();
    channel.writeInbound(record(DATA));
    assertThat(ended).isEmpty();
    channel.writeInbound(record(HANDSHAKE));
    assertThat(ended).containsExactly("empty");
  }
}
