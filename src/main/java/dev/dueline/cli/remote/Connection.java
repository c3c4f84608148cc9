package dev.dueline.cli.remote;

import dev.dueline.v1.QueueServiceGrpc;
import dev.dueline.v1.QueueServiceGrpc.QueueServiceBlockingStub;
import dev.dueline.v1.SchedulerServiceGrpc;
import dev.dueline.v1.SchedulerServiceGrpc.SchedulerServiceBlockingStub;
import dev.dueline.v1.SchedulerServiceGrpc.SchedulerServiceStub;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A connection to one service. May be used by several threads. */
public final class Connection implements AutoCloseable {
  /** A page of a list, 100 jobs, with payloads of 1 MiB each; their default limit is a quarter. */
  private static final int MAX_INBOUND_BYTES = 128 << 20;

  private final ServerAddress server;
  private final Duration timeout;
  private final EventLoopGroup eventLoop;
  private final ManagedChannel channel;
  private final SchedulerServiceStub streaming;

  private Connection(
      ServerAddress server, Duration timeout, SecurityOptions security, boolean isDirect) {
    this.server = server;
    this.timeout = timeout;
    // One thread and the JDK's sockets: the native transport takes longer to load than a call.
    this.eventLoop = new NioEventLoopGroup(1, new DefaultThreadFactory("dueline-cli", true));
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(server.host(), server.port())
            .eventLoopGroup(eventLoop)
            .channelType(NioSocketChannel.class)
            .maxInboundMessageSize(MAX_INBOUND_BYTES);
    security.apply(builder);
    this.channel = (isDirect ? builder.directExecutor() : builder).build();
    this.streaming = SchedulerServiceGrpc.newStub(channel);
  }

  static Connection pooled(ServerAddress server, Duration timeout, SecurityOptions security) {
    return new Connection(server, timeout, security, false);
  }

  /** Callbacks run on the connection's one thread, and must not block it. */
  static Connection direct(ServerAddress server, Duration timeout, SecurityOptions security) {
    return new Connection(server, timeout, security, true);
  }

  /** For one call with one answer, which has the timeout from now on. */
  public SchedulerServiceBlockingStub unary() {
    return SchedulerServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** For one call with one answer on queues, which has the timeout from now on. */
  public QueueServiceBlockingStub queues() {
    return longQueues().withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** For calls on queues that take as long as there are jobs; they have no deadline. */
  public QueueServiceBlockingStub longQueues() {
    return QueueServiceGrpc.newBlockingStub(channel);
  }

  /** For a stream, or a call whose answer is not waited for; they have no deadline. */
  public SchedulerServiceStub streaming() {
    return streaming;
  }

  /** For calls of other services on the same server. */
  public Channel channel() {
    return channel;
  }

  /** Has the next call look the server up again; calls that are out stay where they are. */
  public void renew() {
    channel.enterIdle();
  }

  /** Where this leads. */
  public ServerAddress server() {
    return server;
  }

  @Override
  public void close() {
    channel.shutdownNow();
    var unused = eventLoop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
  }
}
