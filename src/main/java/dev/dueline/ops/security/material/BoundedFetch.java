package dev.dueline.ops.security.material;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Fetches a small document by HTTP within a time for the whole, from connecting to the last byte,
 * and a number of bytes. A fetch that breaks a bound ends its connection. Redirects are not
 * followed.
 */
final class BoundedFetch {
  private static final int OK = 200;
  private static final String REDIRECT =
      ", a redirect, which is not followed: set the address that it leads to";

  private final Duration longest;
  private final int maxBytes;

  /** One request a connection at a time: over HTTP/2 a stalled answer would hold up the next. */
  private final HttpClient client;

  BoundedFetch(Duration longest, int maxBytes) {
    this(longest, maxBytes, null);
  }

  /** The same by this TLS; null: that of Java. */
  BoundedFetch(Duration longest, int maxBytes, @Nullable SSLContext tls) {
    this.longest = longest;
    this.maxBytes = maxBytes;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(Version.HTTP_1_1)
            .followRedirects(Redirect.NEVER)
            .connectTimeout(longest);
    this.client = (tls == null ? builder : builder.sslContext(tls)).build();
  }

  /** The body of the answer, which must have status 200; waits for it. */
  byte[] get(URI address) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(address).build();
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(request, head -> new Body(head.statusCode() == OK ? maxBytes : -1));
    try {
      HttpResponse<byte[]> received = answer.get(longest.toMillis(), TimeUnit.MILLISECONDS);
      int status = received.statusCode();
      if (status != OK) {
        throw new IOException(
            address + " answered with status " + status + (status / 100 == 3 ? REDIRECT : ""));
      }
      return received.body();
    } catch (TimeoutException e) {
      throw late(address, e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      if (cause instanceof HttpConnectTimeoutException) {
        throw late(address, cause);
      }
      throw new IOException(address + " cannot be fetched: " + ReloadRecord.reason(cause), cause);
    } finally {
      // Ends the connection of an answer that is not complete; nothing otherwise.
      answer.cancel(true);
    }
  }

  private IOException late(URI address, Throwable cause) {
    return new IOException(
        address + " did not answer as a whole within " + longest.toMillis() + " ms", cause);
  }

  /** Keeps a body up to a limit; a negative one: wants none of it. */
  private static final class Body implements BodySubscriber<byte[]> {
    private final int maxBytes;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
    private @Nullable Subscription subscription;

    Body(int maxBytes) {
      this.maxBytes = maxBytes;
    }

    @Override
    public CompletionStage<byte[]> getBody() {
      return whole;
    }

    @Override
    public void onSubscribe(Subscription given) {
      subscription = given;
      if (maxBytes < 0) {
        given.cancel();
        whole.complete(new byte[0]);
      } else {
        given.request(1);
      }
    }

    @Override
    public void onNext(List<ByteBuffer> parts) {
      Subscription source = subscription;
      if (source == null || whole.isDone()) {
        return;
      }
      for (ByteBuffer part : parts) {
        if (part.remaining() > maxBytes - received.size()) {
          source.cancel();
          whole.completeExceptionally(
              new IOException("the answer has more than " + maxBytes + " bytes"));
          return;
        }
        byte[] bytes = new byte[part.remaining()];
        part.get(bytes);
        received.writeBytes(bytes);
      }
      source.request(1);
    }

    @Override
    public void onError(Throwable cause) {
      whole.completeExceptionally(cause);
    }

    @Override
    public void onComplete() {
      whole.complete(received.toByteArray());
    }
  }
}
