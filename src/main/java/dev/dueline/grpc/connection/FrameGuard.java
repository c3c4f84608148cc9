package dev.dueline.grpc.connection;

import dev.dueline.access.Allowance;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;

/**
 * Counts the frames of a connection that carry next to nothing, by their headers, before HTTP/2
 * reads them: each costs an object or more, and flow control does not see them. Bounds what its
 * peer's settings can make HTTP/2 hold.
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
  private static final int STREAM = 5;
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int CONTINUATION = 9;
  private static final int END_STREAM = 0x1;
  private static final int PADDED = 0x8;

  /** A buffer of its own for each costs about as much. */
  private static final int SMALL_BYTES = 256;

  /** A client splits a small message into two frames at most, and may reset the call. */
  private static final int PER_CALL = 3;

  private static final int PER_SECOND = 100;

  private final Connection connection;
  private final Allowance.NanoClock clock;
  private final Allowance empty;
  private final PeerSettings settings = new PeerSettings();
  private final byte[] header = new byte[HEADER_BYTES];
  private int headerBytes;
  private int skip = PREFACE_BYTES;
  private boolean isInSettings;

  /** The stream of the last call that was begun; each has a higher number than those before. */
  private int lastCall;

  /** Calls that were begun and not reset. */
  private long resettable;

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
        if (isInSettings) {
          settings.bound(bytes, at, some);
        }
        skip -= some;
        at += some;
      } else {
        int some = Math.min(HEADER_BYTES - headerBytes, end - at);
        bytes.getBytes(at, header, headerBytes, some);
        headerBytes += some;
        at += some;
        if (headerBytes == HEADER_BYTES && !isFrameAccepted(bytes, at)) {
          return false;
        }
      }
    }
    return true;
  }

  /** Whether to go on with a frame, whose header ends there. */
  private boolean isFrameAccepted(ByteBuf bytes, int end) {
    headerBytes = 0;
    int length = (header[0] & 0xFF) << 16 | (header[1] & 0xFF) << 8 | header[2] & 0xFF;
    skip = length;
    isInSettings = header[TYPE] == SETTINGS;
    switch (header[TYPE]) {
      case HEADERS -> {
        connection.cost.call();
        int stream = ByteBuffer.wrap(header, STREAM, Integer.BYTES).getInt() & Integer.MAX_VALUE;
        if (stream <= lastCall) {
          return endsNoStream(bytes, end) && empty.take(clock);
        }
        lastCall = stream;
        empty.give(PER_CALL);
        resettable++;
      }
      case RST_STREAM -> {
        // Those of calls are counted by grpc-java; others, which do nothing, by nobody else.
        if (resettable == 0) {
          return empty.take(clock);
        }
        resettable--;
      }
      case SETTINGS -> {
        settings.begin();
        return empty.take(clock);
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

  /**
   * Has HTTP/2 reset a stream for headers that begin no call, whether or not they say that they end
   * it: gRPC takes trailers, which its clients do not send, for another call of the same stream,
   * and logs a stack trace when both end. Whether it could: reads cut headers anywhere.
   */
  private boolean endsNoStream(ByteBuf bytes, int headerEnd) {
    int at = headerEnd - HEADER_BYTES + FLAGS;
    if (at < bytes.readerIndex()) {
      return (header[FLAGS] & END_STREAM) == 0;
    }
    bytes.setByte(at, header[FLAGS] & ~END_STREAM);
    return true;
  }

  /**
   * What a peer says of itself, as far as it is bounded: bytes are changed where they are, one
   * after the other, since reads cut settings anywhere.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc9113#section-6.5">RFC 9113, SETTINGS</a>
   */
  private static final class PeerSettings {
    private static final int BYTES = 6;

    /** How many headers of answers are kept to be named by number later: 4 GiB if it says so. */
    private static final int HEADER_TABLE_SIZE = 1;

    /** Advice, by which Netty would fail to write nearly all answers if it is small. */
    private static final int MAX_HEADER_LIST_SIZE = 6;

    /** The third byte of 4,096, which is what a peer has that says nothing. */
    private static final int DEFAULT_TABLE = 0x10;

    private int at;
    private int id;
    private boolean isLarge;

    /** A frame of them begins. */
    void begin() {
      at = 0;
    }

    void bound(ByteBuf bytes, int from, int length) {
      for (int i = from; i < from + length; i++) {
        int value = bytes.getUnsignedByte(i);
        if (at < 2) {
          id = at == 0 ? value : id << Byte.SIZE | value;
          isLarge = false;
        } else if (id == HEADER_TABLE_SIZE) {
          bytes.setByte(i, ofTable(value));
        } else if (id == MAX_HEADER_LIST_SIZE) {
          bytes.setByte(i, 0xFF);
        }
        at = (at + 1) % BYTES;
      }
    }

    /** The next byte of the same size, or of the default if that is less. */
    private int ofTable(int value) {
      isLarge |= at < 4 ? value > 0 : at == 4 && value >= DEFAULT_TABLE;
      if (!isLarge) {
        return value;
      }
      return at == 4 ? DEFAULT_TABLE : 0;
    }
  }
}
