package dev.dueline.architecture.planted.store.redis;

/** An adapter that decides about delivery. */
public class Planted {
  public dev.dueline.architecture.planted.store.Planted allowedPort;
  public dev.dueline.architecture.planted.job.Planted allowedJob;
  public io.vertx.mutiny.redis.client.RedisAPI allowedRedis;
  public dev.dueline.architecture.planted.delivery.Planted plantedDelivery;
}
