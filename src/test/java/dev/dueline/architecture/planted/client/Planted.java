package dev.dueline.architecture.planted.client;

/** A client that knows one of its users and the server's insides. */
public class Planted {
  public dev.dueline.architecture.planted.v1.Planted allowedProto;
  public io.grpc.Status allowedStatus;
  public dev.dueline.architecture.planted.cli.Planted plantedCli;
  public dev.dueline.architecture.planted.job.Planted plantedJob;
}
