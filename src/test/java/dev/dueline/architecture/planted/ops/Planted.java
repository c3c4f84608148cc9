package dev.dueline.architecture.planted.ops;

/** Wiring: it may know everything. */
public class Planted {
  public dev.dueline.architecture.planted.cli.Planted allowedCli;
  public dev.dueline.architecture.planted.grpc.Planted allowedGrpc;
  public dev.dueline.architecture.planted.store.redis.Planted allowedWing;
  public io.vertx.mutiny.redis.client.RedisAPI allowedRedis;
}
