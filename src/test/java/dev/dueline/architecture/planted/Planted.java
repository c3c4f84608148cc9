package dev.dueline.architecture.planted;

/** The root, which reaches past the cli and ops. */
public class Planted {
  public dev.dueline.architecture.planted.cli.Planted allowedCli;
  public dev.dueline.architecture.planted.ops.Planted allowedOps;
  public dev.dueline.architecture.planted.job.Planted plantedJob;
}
