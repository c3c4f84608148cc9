package dev.dueline.client;

import dev.dueline.v1.QueueServiceGrpc;
import dev.dueline.v1.QueueServiceGrpc.QueueServiceBlockingStub;
import dev.dueline.v1.SchedulerServiceGrpc;
import dev.dueline.v1.SchedulerServiceGrpc.SchedulerServiceBlockingStub;
import dev.dueline.v1.SchedulerServiceGrpc.SchedulerServiceStub;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A connection to a service, made with its first call. Thread-safe. */
public final class Connection implements AutoCloseable {
  /** A page of a list, 100 jobs, with payloads of 1 MiB each; their default limit is a quarter. */
  private static final int MAX_INBOUND_BYTES = 128 << 20;

  /** A connection that the network has forgotten is noticed while calls are open. */
  private static final int PING_INTERVAL_SECONDS = 30;

  private static final int PING_TIMEOUT_SECONDS = 10;

  private final ManagedChannel channel;
  private final Duration timeout;
  private final Duration attemptTimeout;
  private final Runnable afterClose;
  private final SchedulerServiceStub streaming;

  private Connection(
      ManagedChannel channel, Duration timeout, Duration attemptTimeout, Runnable afterClose) {
    this.channel = channel;
    this.timeout = timeout;
    this.attemptTimeout = attemptTimeout;
    this.afterClose = afterClose;
    this.streaming = SchedulerServiceGrpc.newStub(channel);
  }

  /** A connection whose callbacks run on threads of a pool, and may block. */
  public static Connection open(ConnectionSettings settings) {
    return open(settings, false);
  }

  /** A connection whose callbacks run on its one thread, and must not block it. */
  public static Connection openDirect(ConnectionSettings settings) {
    return open(settings, true);
  }

  /** A connection over a channel of the caller's, which is closed with it. */
  public static Connection over(ManagedChannel channel, Duration timeout) {
    return new Connection(channel, timeout, timeout, () -> {});
  }

  private static Connection open(ConnectionSettings settings, boolean isDirect) {
    // One thread and the JDK's sockets: the native transport takes longer to load than a call.
    EventLoopGroup eventLoop =
        new NioEventLoopGroup(1, new DefaultThreadFactory("dueline-client", true));
    NettyChannelBuilder builder =
        builder(settings)
            .eventLoopGroup(eventLoop)
            .channelType(NioSocketChannel.class)
            .keepAliveTime(PING_INTERVAL_SECONDS, TimeUnit.SECONDS)
            .keepAliveTimeout(PING_TIMEOUT_SECONDS, TimeUnit.SECONDS)
            .maxInboundMessageSize(MAX_INBOUND_BYTES);
    settings.tls().ifPresentOrElse(tls -> builder.sslContext(tls.context()), builder::usePlaintext);
    if (!settings.token().isEmpty()) {
      Metadata headers = new Metadata();
      headers.put(
          Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
          "Bearer " + settings.token());
      builder.intercept(MetadataUtils.newAttachHeadersInterceptor(headers));
    }
    if (isDirect) {
      builder.directExecutor();
    }
    return new Connection(
        builder.build(),
        settings.timeout(),
        settings.attemptTimeout(),
        () -> {
          var unused = eventLoop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        });
  }

  private static NettyChannelBuilder builder(ConnectionSettings settings) {
    if (settings.isSpread()) {
      return NettyChannelBuilder.forTarget(ServerList.target(settings.servers()))
          .defaultLoadBalancingPolicy("round_robin");
    }
    ServerAddress server = settings.servers().get(0);
    return NettyChannelBuilder.forAddress(server.host(), server.port());
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

  /** Has servers that could not be reached tried now, and not when gRPC would. */
  public void reconnect() {
    channel.resetConnectBackoff();
  }

  /** Whether it was closed: no call succeeds any more. */
  public boolean isClosed() {
    return channel.isShutdown();
  }

  /** How long a call with one answer may take, with all its attempts. */
  public Duration timeout() {
    return timeout;
  }

  /** How long an attempt of a call that is repeated may take. */
  public Duration attemptTimeout() {
    return attemptTimeout;
  }

  @Override
  public void close() {
    channel.shutdownNow();
    afterClose.run();
  }
}
