package dev.dueline.store.redis;

import dev.dueline.job.JobId;
import dev.dueline.store.StoreReplyException;
import io.vertx.mutiny.redis.client.Response;
import java.nio.charset.StandardCharsets;

/** Reads a script's reply from front to back; the first number is the store's clock. */
final class Reply {
  private final Response response;
  private final long nowUs;
  private int next;

  Reply(Response response) {
    this.response = response;
    this.nowUs = number();
  }

  /** The store's clock when the script ran, microseconds. */
  long nowUs() {
    return nowUs;
  }

  long nowMs() {
    return nowUs / 1000;
  }

  boolean hasMore() {
    return next < response.size();
  }

  long number() {
    return element().toLong();
  }

  byte[] bytes() {
    return element().toBuffer().getDelegate().getBytes();
  }

  String text() {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  JobId jobId() {
    return IdCodec.unpack(bytes());
  }

  private Response element() {
    if (next >= response.size()) {
      throw new StoreReplyException("a reply that is too short", null);
    }
    return response.get(next++);
  }
}
