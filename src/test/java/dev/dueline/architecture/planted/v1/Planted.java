package dev.dueline.architecture.planted.v1;

/** A contract that knows who serves it. */
public class Planted {
  public dev.dueline.architecture.planted.grpc.Planted plantedGrpc;
}
