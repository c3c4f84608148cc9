package dev.dueline.ops.security.material;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.proxy.HttpProxyHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.resolver.NoopAddressResolverGroup;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * Fetches a small document by HTTP within a time for the whole, from connecting to the last byte,
 * and numbers of bytes, of its head and its body. Each fetch has a connection of its own, which
 * ends with it, whatever becomes of it. Redirects are not followed.
 *
 * <p>By Netty, since java.net.http keeps a connection forever whose head is beyond its limit, and
 * java.net.HttpURLConnection cannot be made to end one while it reads parts, or trailers.
 */
final class BoundedFetch {
  private static final int HTTPS_PORT = 443;
  private static final int HTTP_PORT = 80;

  /** Of a status line, and of one that says how long a part of the body is. */
  private static final int MAX_LINE_BYTES = 4 << 10;

  /** Of all fields; what they cost grows by its square where one is folded into many lines. */
  private static final int MAX_HEAD_BYTES = 16 << 10;

  private static final int PART_BYTES = 8 << 10;

  private final Duration longest;
  private final int maxBytes;
  private final @Nullable SSLContext tls;
  private final @Nullable ProxySelector proxies;

  BoundedFetch(Duration longest, int maxBytes) {
    this(longest, maxBytes, null);
  }

  /** The same by this TLS; null: that of Java. */
  BoundedFetch(Duration longest, int maxBytes, @Nullable SSLContext tls) {
    this(longest, maxBytes, tls, ProxySelector.getDefault());
  }

  /** The same through these proxies; null: none. */
  BoundedFetch(
      Duration longest, int maxBytes, @Nullable SSLContext tls, @Nullable ProxySelector proxies) {
    this.longest = longest;
    this.maxBytes = maxBytes;
    this.tls = tls;
    this.proxies = proxies;
  }

  /** The body of the answer, which must have status 200; waits for it. */
  byte[] get(URI address) throws IOException, InterruptedException {
    CompletableFuture<byte[]> body = new CompletableFuture<>();
    EventLoopGroup loop = new NioEventLoopGroup(1, new DefaultThreadFactory("fetch", true));
    try {
      connect(loop, address, body);
      return body.get(longest.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw late(address, e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      if (cause instanceof ConnectTimeoutException) {
        throw late(address, cause);
      }
      if (cause instanceof BoundedAnswer.UnwantedStatusException) {
        throw new IOException(address + " " + cause.getMessage(), cause);
      }
      throw new IOException(address + " cannot be fetched: " + ReloadRecord.reason(cause), cause);
    } finally {
      // Ends the connection with it.
      var unused = loop.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
    }
  }

  private void connect(EventLoopGroup loop, URI address, CompletableFuture<byte[]> body)
      throws IOException {
    boolean isSecure = address.getScheme().equalsIgnoreCase("https");
    int port = address.getPort() >= 0 ? address.getPort() : isSecure ? HTTPS_PORT : HTTP_PORT;
    SSLEngine engine = isSecure ? engine(address.getHost(), port) : null;
    InetSocketAddress proxy = proxy(address);
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(NioSocketChannel.class)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(longest.toMillis()))
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    fill(channel, proxy, engine, new BoundedAnswer(address, maxBytes, body));
                  }
                });
    if (proxy != null) {
      // Which looks the name up itself.
      bootstrap.resolver(NoopAddressResolverGroup.INSTANCE);
    }
    bootstrap
        .connect(InetSocketAddress.createUnresolved(address.getHost(), port))
        .addListener(
            connected -> {
              if (!connected.isSuccess()) {
                body.completeExceptionally(connected.cause());
              }
            });
  }

  private void fill(
      Channel channel,
      @Nullable InetSocketAddress proxy,
      @Nullable SSLEngine engine,
      BoundedAnswer answer) {
    if (proxy != null) {
      HttpProxyHandler tunnel = new HttpProxyHandler(proxy);
      tunnel.setConnectTimeoutMillis(longest.toMillis());
      channel.pipeline().addLast(tunnel);
    }
    if (engine != null) {
      SslHandler secured = new SslHandler(engine);
      secured.setHandshakeTimeoutMillis(longest.toMillis());
      channel.pipeline().addLast(secured);
    }
    channel.pipeline().addLast(new HttpClientCodec(MAX_LINE_BYTES, MAX_HEAD_BYTES, PART_BYTES));
    channel.pipeline().addLast(answer);
  }

  /** One that verifies that the certificate is the host's. */
  private SSLEngine engine(String host, int port) throws IOException {
    SSLEngine engine;
    try {
      engine = (tls == null ? SSLContext.getDefault() : tls).createSSLEngine(host, port);
    } catch (NoSuchAlgorithmException e) {
      throw new IOException("Java has no TLS: " + ReloadRecord.reason(e), e);
    }
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setServerNames(named(host));
    engine.setSSLParameters(parameters);
    engine.setUseClientMode(true);
    return engine;
  }

  /** What a server with several certificates is told; an engine leaves out names without a dot. */
  private static List<SNIServerName> named(String host) {
    if (NetUtil.isValidIpV4Address(host) || host.startsWith("[")) {
      return List.of();
    }
    try {
      return List.of(
          new SNIHostName(host.endsWith(".") ? host.substring(0, host.length() - 1) : host));
    } catch (IllegalArgumentException e) {
      return List.of();
    }
  }

  /** Of {@code https.proxyHost} and its like; null: none. */
  private @Nullable InetSocketAddress proxy(URI address) {
    if (proxies == null) {
      return null;
    }
    return proxies.select(address).stream()
        .filter(each -> each.type() == Proxy.Type.HTTP)
        .map(each -> (InetSocketAddress) each.address())
        .map(each -> new InetSocketAddress(each.getHostString(), each.getPort()))
        .findFirst()
        .orElse(null);
  }

  private IOException late(URI address, Throwable cause) {
    return new IOException(
        address + " did not answer as a whole within " + longest.toMillis() + " ms", cause);
  }
}
