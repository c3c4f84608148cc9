package dev.dueline.ops.security.material;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.CompletableFuture;

/** Asks for a document once connected, and keeps it up to a limit. */
final class BoundedAnswer extends SimpleChannelInboundHandler<HttpObject> {
  private static final String REDIRECT =
      ", a redirect, which is not followed: set the address that it leads to";

  /** Answers that another one follows: who hints at something does so once. */
  private static final int MAX_INTERIM = 8;

  private final URI address;
  private final int maxBytes;
  private final CompletableFuture<byte[]> whole;
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();
  private int interim;

  /** Whether what comes is of the answer itself. */
  private boolean isFinal;

  BoundedAnswer(URI address, int maxBytes, CompletableFuture<byte[]> whole) {
    this.address = address;
    this.maxBytes = maxBytes;
    this.whole = whole;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    String path = address.getRawPath();
    String query = address.getRawQuery();
    String target =
        (path == null || path.isEmpty() ? "/" : path) + (query == null ? "" : "?" + query);
    FullHttpRequest request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.GET, target, Unpooled.EMPTY_BUFFER);
    String port = address.getPort() < 0 ? "" : ":" + address.getPort();
    request
        .headers()
        .set(HttpHeaderNames.HOST, address.getHost() + port)
        .set(HttpHeaderNames.USER_AGENT, "dueline")
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    context.writeAndFlush(request);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
    if (part.decoderResult().isFailure()) {
      fail(context, part.decoderResult().cause());
      return;
    }
    if (part instanceof HttpResponse head) {
      begin(context, head.status());
    }
    if (isFinal && part instanceof HttpContent content && !whole.isDone()) {
      keep(context, content);
    }
  }

  private void begin(ChannelHandlerContext context, HttpResponseStatus status) {
    isFinal = status.codeClass() != HttpStatusClass.INFORMATIONAL;
    if (!isFinal) {
      interim++;
      if (interim > MAX_INTERIM) {
        fail(context, new IOException("more than " + MAX_INTERIM + " interim answers"));
      }
    } else if (!status.equals(HttpResponseStatus.OK)) {
      boolean isRedirect = status.codeClass() == HttpStatusClass.REDIRECTION;
      fail(context, new UnwantedStatusException(status.code() + (isRedirect ? REDIRECT : "")));
    }
  }

  private void keep(ChannelHandlerContext context, HttpContent content) {
    ByteBuf bytes = content.content();
    if (bytes.readableBytes() > maxBytes - received.size()) {
      fail(context, new IOException("the answer has more than " + maxBytes + " bytes"));
      return;
    }
    byte[] some = new byte[bytes.readableBytes()];
    bytes.readBytes(some);
    received.writeBytes(some);
    if (content instanceof LastHttpContent) {
      whole.complete(received.toByteArray());
      context.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    fail(context, new IOException("the connection ended before the answer did"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    Throwable inner = cause.getCause();
    fail(context, cause instanceof DecoderException && inner != null ? inner : cause);
  }

  private void fail(ChannelHandlerContext context, Throwable cause) {
    whole.completeExceptionally(cause);
    context.close();
  }

  /** The answer is no document. */
  static final class UnwantedStatusException extends IOException {
    private static final long serialVersionUID = 1;

    UnwantedStatusException(String status) {
      super("answered with status " + status);
    }
  }
}
