package dev.dueline.store.redis.script;

import dev.dueline.job.JobId;
import dev.dueline.store.StoreReplyException;
import dev.dueline.store.redis.layout.IdCodec;
import io.vertx.mutiny.redis.client.Response;
import java.nio.charset.StandardCharsets;

/** Reads a script's reply from front to back; the first number is the store's clock. */
public final class Reply {
  private final Response response;
  private final long nowUs;
  private int next;

  public Reply(Response response) {
    this.response = response;
    this.nowUs = number();
  }

  /** The store's clock when the script ran, microseconds. */
  public long nowUs() {
    return nowUs;
  }

  public long nowMs() {
    return nowUs / 1000;
  }

  public boolean hasMore() {
    return next < response.size();
  }

  public long number() {
    return element().toLong();
  }

  public byte[] bytes() {
    return element().toBuffer().getDelegate().getBytes();
  }

  public String text() {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  public JobId jobId() {
    return IdCodec.unpack(bytes());
  }

  private Response element() {
    if (next >= response.size()) {
      throw new StoreReplyException("a reply that is too short", null);
    }
    return response.get(next++);
  }
}
