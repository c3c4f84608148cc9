package dev.dueline.architecture.planted.operation;

/** An operation that knows who calls it. */
public class Planted {
  public dev.dueline.architecture.planted.access.Planted allowedAccess;
  public dev.dueline.architecture.planted.delivery.Planted allowedDelivery;
  public dev.dueline.architecture.planted.store.Planted allowedPort;
  public dev.dueline.architecture.planted.job.Planted allowedJob;
  public dev.dueline.architecture.planted.grpc.Planted plantedGrpc;
  public io.grpc.Status plantedStatus;
  public io.vertx.core.http.HttpServerRequest plantedHttp;
}
