package dev.dueline.architecture.planted.embedded;

/** A child process that knows what its data mean. */
public class Planted {
  public java.nio.file.Path allowedPath;
  public dev.dueline.architecture.planted.job.Planted plantedJob;
}
