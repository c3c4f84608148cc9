package dev.dueline.ops.management;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounds the descriptors of a server: while as many connections are open as there may be, and
 * {@value #MARGIN} more, it accepts none. Others wait in the kernel's backlog, where they cost
 * nothing here. What is accepted counts from then on, before TLS, and each that the event loop
 * takes beyond its bound ends another one, so that nobody can keep others out by holding
 * connections.
 *
 * <p>In the pipeline of the channel that listens, before Vert.x hands out what was accepted: its
 * acceptor has a thread of its own, and without this runs ahead of the event loop by as many
 * connections as come. For gRPC's port, whose pipeline nobody gets at, that is what {@code
 * AcceptPace} does.
 */
final class BoundedAcceptor extends ChannelInboundHandlerAdapter {
  /**
   * Connections that the event loop has yet to take, or whose end it has yet to see: enough to keep
   * it busy.
   */
  static final int MARGIN = 48;

  private final BoundedConnections connections;
  private final int most;
  private final AtomicInteger open = new AtomicInteger();

  BoundedAcceptor(BoundedConnections connections) {
    this.connections = connections;
    this.most = connections.max() + MARGIN;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    Channel listening = context.channel();
    Channel accepted = (Channel) message;
    accepted.pipeline().addLast(new Counted());
    if (open.incrementAndGet() >= most) {
      listening.config().setAutoRead(false);
    }
    accepted.closeFuture().addListener(closed -> closed(accepted, listening));
    context.fireChannelRead(message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    context.fireChannelReadComplete();
    // What ended meanwhile may have seen it still reading.
    resume(context.channel());
  }

  /**
   * The descriptor goes when the event loop selects next. What is scheduled may run before that,
   * what that schedules does not.
   */
  private void closed(Channel accepted, Channel listening) {
    EventLoop loop = accepted.eventLoop();
    later(loop, () -> later(loop, () -> released(listening)));
  }

  private void released(Channel listening) {
    open.decrementAndGet();
    resume(listening);
  }

  private static void later(EventLoop loop, Runnable task) {
    var unused = loop.schedule(task, 0, TimeUnit.NANOSECONDS);
  }

  private void resume(Channel listening) {
    if (open.get() < most && listening.isOpen() && !listening.config().isAutoRead()) {
      listening.config().setAutoRead(true);
    }
  }

  /** Has a connection counted as soon as its event loop has it. */
  private final class Counted extends ChannelInboundHandlerAdapter {
    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      connections.add(context.channel());
      context.pipeline().remove(this);
    }
  }
}
