package dev.dueline.architecture.planted.delivery;

/** Delivery that knows the wire and Redis. */
public class Planted {
  public dev.dueline.architecture.planted.store.Planted allowedPort;
  public dev.dueline.architecture.planted.job.Planted allowedJob;
  public dev.dueline.architecture.planted.grpc.Planted plantedGrpc;
  public dev.dueline.architecture.planted.v1.Planted plantedProto;
  public io.grpc.Status plantedStatus;
  public io.quarkus.redis.datasource.RedisDataSource plantedRedis;
}
