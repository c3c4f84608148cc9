package dev.dueline.architecture.planted.cli;

/** A command line that knows the server's insides. */
public class Planted {
  public dev.dueline.architecture.planted.v1.Planted allowedProto;
  public dev.dueline.architecture.planted.client.Planted allowedClient;
  public dev.dueline.architecture.planted.text.Planted allowedText;
  public dev.dueline.architecture.planted.job.Planted plantedJob;
}
