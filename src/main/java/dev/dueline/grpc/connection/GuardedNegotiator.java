package dev.dueline.grpc.connection;

import dev.dueline.grpc.accept.AcceptPace;
import dev.dueline.grpc.tls.RecordGuard;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalProtocolNegotiator.ProtocolNegotiator;
import io.grpc.netty.InternalProtocolNegotiators;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/** Accepts connections while there is room, and puts a guard between their TLS and their HTTP/2. */
public final class GuardedNegotiator implements ProtocolNegotiator {
  /**
   * Bytes that may wait for a peer to read before nothing more is read from it. HTTP/2 sends data
   * by the window of the peer; these are mostly answers without data, and pings.
   */
  private static final int STUCK_BYTES = 256 << 10;

  private static final String NEGOTIATION = "negotiation";

  private final Connections connections;
  private final ProtocolNegotiator plain;
  private final AcceptPace pace;

  private GuardedNegotiator(Connections connections, ProtocolNegotiator plain, AcceptPace pace) {
    this.connections = connections;
    this.plain = plain;
    this.pace = pace;
  }

  /** Guards what a server accepts; with TLS if there is a context. */
  public static void guard(
      NettyServerBuilder server, Connections connections, @Nullable SslContext tls) {
    ProtocolNegotiator plain =
        tls == null
            ? InternalProtocolNegotiators.serverPlaintext()
            : InternalProtocolNegotiators.serverTls(tls);
    AcceptPace pace = new AcceptPace(connections.bounds().connections());
    server
        .protocolNegotiator(new GuardedNegotiator(connections, plain, pace))
        .withOption(ChannelOption.RCVBUF_ALLOCATOR, pace)
        .addTransportFilter(connections.filter())
        .withChildOption(
            ChannelOption.WRITE_BUFFER_WATER_MARK,
            new WriteBufferWaterMark(STUCK_BYTES / 2, STUCK_BYTES));
  }

  @Override
  public AsciiString scheme() {
    return plain.scheme();
  }

  @Override
  public ChannelHandler newHandler(GrpcHttp2ConnectionHandler http2) {
    return new Gate(plain.newHandler(http2));
  }

  @Override
  public void close() {
    plain.close();
  }

  /** What becomes of a connection by its records. */
  private record TlsPeer(Connection connection) implements RecordGuard.Peer {
    @Override
    public boolean isOver() {
      return connection.isOver();
    }

    @Override
    public void sentEmptyRecords() {
      connection.end(EndReason.EMPTY_FRAMES);
    }

    @Override
    public void handshakeIsTooLong() {
      connection.end(EndReason.HANDSHAKE_BYTES);
    }
  }

  /**
   * Puts the negotiation behind itself, and gives its own place to the guard with the first bytes:
   * by then it is known whether TLS is between the two, whose handler comes late.
   */
  private final class Gate extends ChannelInboundHandlerAdapter {
    private final ChannelHandler negotiation;
    private @Nullable Connection connection;

    Gate(ChannelHandler negotiation) {
      this.negotiation = negotiation;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      pace.taken(context.channel());
      connection = connections.accept(context.channel());
      // With TLS this puts the handler of TLS before itself, and gives way to HTTP/2 when it is up.
      context.pipeline().addAfter(context.name(), NEGOTIATION, negotiation);
      if (connection == null) {
        context.channel().close();
      } else {
        ReadGate.Turns turns = connections.turns(context.channel());
        context.pipeline().addFirst(new ReadGate(connection, turns, STUCK_BYTES));
      }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object read) {
      ChannelHandlerContext tls = context.pipeline().context(SslHandler.class);
      String behind = tls == null ? context.name() : tls.name();
      if (connection != null) {
        FrameGuard guard =
            new FrameGuard(connection, connections.bounds().emptyFrames(), connections.clock());
        context.pipeline().addAfter(behind, null, guard);
        if (tls != null) {
          RecordGuard records =
              new RecordGuard(
                  new TlsPeer(connection), connection.address.handshakes, connections.clock());
          context.pipeline().addBefore(tls.name(), null, records);
          context.pipeline().addAfter(tls.name(), null, records.behind());
        }
      }
      context.fireChannelRead(read);
      context.pipeline().remove(this);
    }
  }
}
