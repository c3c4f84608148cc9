package dev.dueline.architecture.planted.job;

/** A word of the domain that knows where it is kept. */
public class Planted {
  public java.time.Instant allowedInstant;
  public byte[] allowedBytes;
  public @org.jspecify.annotations.Nullable String allowedNull;
  public dev.dueline.architecture.planted.store.Planted plantedPort;
  public io.vertx.redis.client.Response plantedRedis;
  public com.google.rpc.Status plantedStatus;
}
