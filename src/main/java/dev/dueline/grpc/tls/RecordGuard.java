package dev.dueline.grpc.tls;

import dev.dueline.access.Allowance;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;

/**
 * Counts the TLS records of a connection out of which nothing comes for HTTP/2, where frames are
 * counted: each key update or renegotiation costs more than a frame. HTTP/2 knows no renegotiation,
 * which ends the connection where it is seen. Bounds what handshakes that are not over have sent,
 * since TLS keeps each of their messages until it is whole.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8446#section-4.6.3">RFC 8446, key update</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9113#section-9.2.1">RFC 9113, TLS 1.2
 *     features</a>
 */
public final class RecordGuard extends ChannelInboundHandlerAdapter {
  /** Type, version and length. */
  private static final int HEADER_BYTES = 5;

  private static final int LENGTH = 3;

  /** Of TLS 1.2 in the clear; those of TLS 1.3 look like data once there are keys. */
  private static final int HANDSHAKE = 22;

  /**
   * At once: a handshake takes ten or, in the smallest parts that a peer can agree on, sixty. A key
   * update takes about as long as a hundred frames that carry nothing.
   */
  private static final int MOST = 100;

  private static final int PER_SECOND = 1;

  /**
   * Bytes of such records after the handshake, of which a key update has 22. One record holds
   * thousands of them, or a part of a long message, which TLS keeps until it is whole.
   */
  private static final int MOST_BYTES = 4 << 10;

  private static final int BYTES_PER_SECOND = 1;

  /** What a record has beside its data, by the cipher suites that HTTP/2 knows. */
  private static final int OVERHEAD = 32;

  private final Peer peer;
  private final Allowance.NanoClock clock;
  private final Allowance empty;
  private final Allowance emptyBytes;
  private final HandshakeBytes handshakes;
  private final byte[] header = new byte[HEADER_BYTES];
  private int headerBytes;
  private int skip;
  private boolean isUp;

  /** Of the handshake, until it is over. */
  private long received;

  private long held;

  /** Of what is being read now: records that ended, without those out of which data came. */
  private int records;

  /** The same of their bytes, once the handshake was over. */
  private int bytes;

  private boolean isRenegotiated;

  /** That of a connection whose handshake has not begun. */
  public RecordGuard(Peer peer, HandshakeBytes handshakes, Allowance.NanoClock clock) {
    this.handshakes = handshakes;
    this.peer = peer;
    this.clock = clock;
    this.empty = new Allowance(MOST, PER_SECOND, clock.nanoTime());
    this.emptyBytes = new Allowance(MOST_BYTES, BYTES_PER_SECOND, clock.nanoTime());
  }

  /** To be put behind TLS, which hands data on before the read that it came with is over. */
  public ChannelHandler behind() {
    return new ChannelInboundHandlerAdapter() {
      @Override
      public void channelRead(ChannelHandlerContext context, Object read) {
        records--;
        bytes -= OVERHEAD + (read instanceof ByteBuf data ? data.readableBytes() : 0);
        context.fireChannelRead(read);
      }

      @Override
      public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent) {
          isUp = true;
          release();
        }
        context.fireUserEventTriggered(event);
      }
    };
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object read) {
    if (peer.isOver()) {
      ReferenceCountUtil.release(read);
      return;
    }
    records = 0;
    bytes = 0;
    if (read instanceof ByteBuf some) {
      count(some);
      if (isRenegotiated || !mayGoOn(some.readableBytes())) {
        ReferenceCountUtil.release(read);
        end();
        return;
      }
    }
    context.fireChannelRead(read);
    if (records > 0 && !mayBeEmpty()) {
      peer.sentEmptyRecords();
    }
  }

  private boolean mayBeEmpty() {
    return empty.take(records, clock) && emptyBytes.take(Math.max(0, bytes), clock);
  }

  private void end() {
    if (isRenegotiated) {
      peer.sentEmptyRecords();
    } else {
      peer.handshakeIsTooLong();
    }
  }

  /** Whether so many more bytes may be kept, if the handshake is not over. */
  private boolean mayGoOn(int some) {
    if (isUp) {
      return true;
    }
    received += some;
    long more = received - HandshakeBytes.FREE - held;
    if (more > 0) {
      if (!handshakes.hold(more)) {
        return false;
      }
      held += more;
    }
    return true;
  }

  private void release() {
    handshakes.release(held);
    held = 0;
  }

  /** With its channel. */
  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    release();
  }

  /** Looks at the header of each record in the bytes, which may begin and end within one. */
  private void count(ByteBuf read) {
    int at = read.readerIndex();
    int end = read.writerIndex();
    while (at < end) {
      boolean isBody = skip > 0;
      int some = Math.min(isBody ? skip : HEADER_BYTES - headerBytes, end - at);
      if (isBody) {
        skip -= some;
      } else {
        read.getBytes(at, header, headerBytes, some);
        headerBytes += some;
        if (headerBytes == HEADER_BYTES) {
          skip = length();
        }
      }
      at += some;
      if (headerBytes == HEADER_BYTES && skip == 0) {
        headerBytes = 0;
        records++;
        bytes += isUp ? length() : 0;
        isRenegotiated |= isUp && header[0] == HANDSHAKE;
      }
    }
  }

  /** Of the record whose header was read last. */
  private int length() {
    return (header[LENGTH] & 0xFF) << 8 | header[LENGTH + 1] & 0xFF;
  }

  /** The connection that is guarded. */
  public interface Peer {
    /** Whether nothing that is still read from it is to be done. */
    boolean isOver();

    /** Ends it for too many records out of which nothing came, or a renegotiation. */
    void sentEmptyRecords();

    /** Ends it, since its handshake is long and there is no room for it. */
    void handshakeIsTooLong();
  }
}
