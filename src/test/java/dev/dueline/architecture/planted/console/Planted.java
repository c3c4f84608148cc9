package dev.dueline.architecture.planted.console;

/** Pages that go past the operations. */
public class Planted {
  public dev.dueline.architecture.planted.operation.Planted allowedOperation;
  public dev.dueline.architecture.planted.access.Planted allowedAccess;
  public dev.dueline.architecture.planted.delivery.Planted allowedDelivery;
  public dev.dueline.architecture.planted.store.Planted allowedPort;
  public dev.dueline.architecture.planted.job.Planted allowedJob;
  public io.vertx.core.http.HttpServerRequest allowedHttp;
  public dev.dueline.architecture.planted.grpc.Planted plantedGrpc;
  public dev.dueline.architecture.planted.store.redis.Planted plantedWing;
}
