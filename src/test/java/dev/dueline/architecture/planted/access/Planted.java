package dev.dueline.architecture.planted.access;

/** Access that is bound to one kind of call. */
public class Planted {
  public dev.dueline.architecture.planted.job.Planted allowedJob;
  public dev.dueline.architecture.planted.operation.Planted plantedOperation;
  public dev.dueline.architecture.planted.store.Planted plantedPort;
  public io.grpc.Context plantedContext;
}
