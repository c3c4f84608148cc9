package dev.dueline.ops.management;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Bounds what one HTTP/1.1 connection may hold: a time for each step, however steadily bytes drip;
 * no bodies, unless told; and no request before the answer to the one before is taken, for those
 * that wait and answers that nobody reads would pile up. Between the codec and the server; event
 * loop only.
 */
public final class BoundedExchange extends ChannelDuplexHandler {
  private final Channel channel;
  private final Times times;
  private final Runnable idle;
  private final @Nullable Streams streams;
  private @Nullable ScheduledFuture<?> deadline;
  private boolean isAnswering;
  private boolean isEnding;

  /**
   * How long each step may take.
   *
   * @param request from connecting to the end of the first request
   * @param answer from there until the answer is written
   * @param idle from there to the end of the next request
   */
  public record Times(Duration request, Duration answer, Duration idle) {}

  /**
   * Answers that have no end of their own, of a server that takes bodies, which it bounds itself.
   *
   * @param path of the requests that ask for one
   * @param longest how long one may last
   */
  public record Streams(String path, Duration longest) {}

  /** Takes no bodies; begins with the time for the first request. */
  BoundedExchange(Channel channel, Times times, Runnable idle) {
    this(channel, times, idle, null);
  }

  /**
   * Begins with the time for the first request. A body is to come, and its answer to be taken,
   * within the time for answers.
   *
   * @param streams null: there are none, nor bodies
   */
  public BoundedExchange(Channel channel, Times times, Runnable idle, @Nullable Streams streams) {
    this.channel = channel;
    this.times = times;
    this.idle = idle;
    this.streams = streams;
    endAfter(times.request());
  }

  /** Whether a request has come, and its answer has not been taken. */
  boolean isAnswering() {
    return isAnswering;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!isEnding && message instanceof HttpRequest request) {
      if (isAnswering) {
        isEnding = true;
        context.close();
      } else if (streams == null && hasBody(request.headers())) {
        isEnding = true;
        context.writeAndFlush(refusal()).addListener(ChannelFutureListener.CLOSE);
      } else {
        isAnswering = true;
        endAfter(
            streams != null && request.uri().equals(streams.path)
                ? streams.longest
                : times.answer());
      }
    }
    if (isEnding) {
      ReferenceCountUtil.release(message);
    } else {
      context.fireChannelRead(message);
    }
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    boolean isInformational =
        message instanceof HttpResponse response
            && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    if (message instanceof LastHttpContent && !isInformational) {
      context.write(message, promise.unvoid()).addListener(written -> answered());
    } else {
      context.write(message, promise);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    cancelDeadline();
    context.fireChannelInactive();
  }

  private void answered() {
    isAnswering = false;
    if (channel.isActive()) {
      endAfter(times.idle());
      idle.run();
    }
  }

  private void endAfter(Duration time) {
    cancelDeadline();
    deadline =
        channel.eventLoop().schedule(() -> channel.close(), time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void cancelDeadline() {
    if (deadline != null) {
      deadline.cancel(false);
    }
  }

  private static boolean hasBody(HttpHeaders headers) {
    String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
    return headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
        || (length != null && !length.equals("0"));
  }

  private static FullHttpResponse refusal() {
    FullHttpResponse refusal =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
            Unpooled.EMPTY_BUFFER);
    refusal
        .headers()
        .set(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO)
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    return refusal;
  }
}
