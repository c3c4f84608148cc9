package dev.dueline.ops.management;

import dev.dueline.grpc.accept.OpenChannels;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Has a server of Vert.x accept by its {@link OpenChannels}. What is accepted counts from then on,
 * before TLS, and each that the event loop takes beyond its bound ends another one, so that nobody
 * can keep others out by holding connections.
 *
 * <p>In the pipeline of the channel that listens, before Vert.x hands out what was accepted. For
 * gRPC's port, whose pipeline nobody gets at, that is what {@link
 * dev.dueline.grpc.accept.AcceptPace} does.
 */
final class BoundedAcceptor extends ChannelInboundHandlerAdapter {
  private final BoundedConnections connections;
  private final OpenChannels channels;

  BoundedAcceptor(BoundedConnections connections) {
    this.connections = connections;
    this.channels = new OpenChannels(connections.max());
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    Channel accepted = (Channel) message;
    channels.accepted(1, context.channel().config());
    channels.follow(accepted);
    accepted.pipeline().addLast(new Counted());
    context.fireChannelRead(message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    context.fireChannelReadComplete();
    // What ended meanwhile may have seen it still reading.
    channels.resume();
  }

  /** Has a connection counted as soon as its event loop has it. */
  private final class Counted extends ChannelInboundHandlerAdapter {
    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      channels.taken();
      connections.add(context.channel());
      context.pipeline().remove(this);
    }
  }
}
