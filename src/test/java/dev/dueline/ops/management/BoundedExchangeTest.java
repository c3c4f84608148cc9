package dev.dueline.ops.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.ops.management.BoundedExchange.Times;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each step of an exchange has its time, and one is under way at a time. */
class BoundedExchangeTest {
  private static final Times TIMES =
      new Times(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(120));

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private int idled;

  @BeforeEach
  void start() {
    channel.freezeTime();
    channel.pipeline().addLast(new BoundedExchange(channel, TIMES, () -> idled++));
  }

  @Test
  void aFirstRequestHasTheTimeFromConnecting() {
    pass(9);
    assertThat(channel.isOpen()).isTrue();
    pass(1);
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void anAnswerHasItsTimeAndTheNextRequestToo() {
    channel.writeInbound(request());
    pass(29);
    assertThat(channel.isOpen()).isTrue();
    channel.writeOutbound(answer());
    assertThat(idled).isEqualTo(1);
    pass(119);
    channel.writeInbound(request());
    pass(29);
    assertThat(channel.isOpen()).isTrue();
    pass(1);
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void aConnectionThatAsksNothingForLongEnds() {
    channel.writeInbound(request());
    channel.writeOutbound(answer());
    pass(120);
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void anAnswerThatIsNotTakenEnds() {
    channel.writeInbound(request());
    // Written, but not flushed to the socket.
    channel.write(answer());
    pass(30);
    assertThat(channel.isOpen()).isFalse();
    assertThat(idled).isZero();
  }

  @Test
  void aRequestBeforeTheAnswerToTheOneBeforeEndsTheConnection() {
    channel.writeInbound(request(), request());
    assertThat(channel.isOpen()).isFalse();
    assertThat(channel.inboundMessages()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"content-length, 1", "content-length, -5", "transfer-encoding, chunked"})
  void aBodyIsRefusedBeforeItComes(String header, String value) {
    FullHttpRequest request = request();
    request.headers().set(header, value);
    channel.writeInbound(request);
    FullHttpResponse refusal = channel.readOutbound();
    assertThat(refusal.status()).isEqualTo(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE);
    assertThat(channel.isOpen()).isFalse();
    assertThat(channel.inboundMessages()).isEmpty();
  }

  @Test
  void anEmptyBodyIsNone() {
    FullHttpRequest request = request();
    request.headers().set(HttpHeaderNames.CONTENT_LENGTH, "0");
    channel.writeInbound(request);
    assertThat(channel.inboundMessages()).hasSize(1);
  }

  private void pass(int seconds) {
    channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
  }

  private static FullHttpRequest request() {
    return new DefaultFullHttpRequest(
        HttpVersion.HTTP_1_1, HttpMethod.GET, "/q/metrics", Unpooled.EMPTY_BUFFER);
  }

  private static FullHttpResponse answer() {
    return new DefaultFullHttpResponse(
        HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.EMPTY_BUFFER);
  }
}
