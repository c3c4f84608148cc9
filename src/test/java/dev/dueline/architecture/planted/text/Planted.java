package dev.dueline.architecture.planted.text;

/** A way of writing that knows what is written. */
public class Planted {
  public java.time.Duration allowedDuration;
  public dev.dueline.architecture.planted.job.Planted plantedJob;
}
