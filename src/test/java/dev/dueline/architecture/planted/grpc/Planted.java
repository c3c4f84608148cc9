package dev.dueline.architecture.planted.grpc;

/** A wire that knows which store it has, and who wires it. */
public class Planted {
  public dev.dueline.architecture.planted.v1.Planted allowedProto;
  public io.grpc.Status allowedStatus;
  public dev.dueline.architecture.planted.operation.Planted allowedOperation;
  public dev.dueline.architecture.planted.access.Planted allowedAccess;
  public dev.dueline.architecture.planted.delivery.Planted allowedDelivery;
  public dev.dueline.architecture.planted.store.Planted allowedPort;
  public dev.dueline.architecture.planted.job.Planted allowedJob;
  public dev.dueline.architecture.planted.store.redis.Planted plantedWing;
  public dev.dueline.architecture.planted.ops.Planted plantedOps;
  public dev.dueline.architecture.planted.console.Planted plantedConsole;
}
