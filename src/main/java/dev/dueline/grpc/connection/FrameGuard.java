package dev.dueline.grpc.connection;

import dev.dueline.access.Allowance;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;

/**
 * Counts the frames of a connection that carry next to nothing, by their headers, before HTTP/2
 * reads them: each costs an object or more, and flow control does not see them.
 *
 * <p>A call earns its client some, as does each frame of headers or data that it is sent: clients
 * answer these with window updates, and grpc-go with a ping to measure the way.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9113#section-4.1">RFC 9113, frame format</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9113#section-10.5">RFC 9113, denial of
 *     service</a>
 */
final class FrameGuard extends ChannelDuplexHandler {
  /** What a client sends before its first frame. */
  private static final int PREFACE_BYTES = 24;

  private static final int HEADER_BYTES = 9;
  private static final int TYPE = 3;
  private static final int FLAGS = 4;
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int CONTINUATION = 9;
  private static final int PADDED = 0x8;

  /** A buffer of its own for each costs about as much. */
  private static final int SMALL_BYTES = 256;

  /** A client splits a small message into two frames at most, and may reset the call. */
  private static final int PER_CALL = 3;

  private static final int PER_SECOND = 100;

  private final Connection connection;
  private final Allowance.NanoClock clock;
  private final Allowance empty;
  private final byte[] header = new byte[HEADER_BYTES];
  private int headerBytes;
  private int skip = PREFACE_BYTES;

  FrameGuard(Connection connection, int most, Allowance.NanoClock clock) {
    this.connection = connection;
    this.clock = clock;
    this.empty = new Allowance(most, PER_SECOND, clock.nanoTime());
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    connection.guardedBy(context);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object read) {
    if (connection.isOver()) {
      ReferenceCountUtil.release(read);
    } else if (read instanceof ByteBuf bytes && !accepts(bytes)) {
      ReferenceCountUtil.release(read);
      connection.end(EndReason.EMPTY_FRAMES);
    } else {
      context.fireChannelRead(read);
    }
  }

  @Override
  public void write(ChannelHandlerContext context, Object written, ChannelPromise promise) {
    if (written instanceof ByteBuf bytes && bytes.readableBytes() >= HEADER_BYTES) {
      int type = bytes.getByte(bytes.readerIndex() + TYPE);
      if (type == DATA || type == HEADERS) {
        empty.give(1);
      }
    }
    context.write(written, promise);
  }

  /** Looks at the header of each frame in the bytes, which may begin and end within one. */
  private boolean accepts(ByteBuf bytes) {
    int at = bytes.readerIndex();
    int end = bytes.writerIndex();
    while (at < end) {
      if (skip > 0) {
        int some = Math.min(skip, end - at);
        skip -= some;
        at += some;
      } else {
        int some = Math.min(HEADER_BYTES - headerBytes, end - at);
        bytes.getBytes(at, header, headerBytes, some);
        headerBytes += some;
        at += some;
        if (headerBytes == HEADER_BYTES && !isFrameAccepted()) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean isFrameAccepted() {
    headerBytes = 0;
    int length = (header[0] & 0xFF) << 16 | (header[1] & 0xFF) << 8 | header[2] & 0xFF;
    skip = length;
    switch (header[TYPE]) {
      case HEADERS -> {
        connection.cost.call();
        empty.give(PER_CALL);
      }
      case RST_STREAM -> {
        // Counted by grpc-java.
      }
      case DATA, CONTINUATION -> {
        boolean isPadded = header[TYPE] == DATA && (header[FLAGS] & PADDED) != 0;
        return length >= SMALL_BYTES && !isPadded || empty.take(clock);
      }
      default -> {
        return empty.take(clock);
      }
    }
    return true;
  }
}
