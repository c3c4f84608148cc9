package dev.dueline.architecture.planted.store;

/** A port that knows its adapter and speaks proto. */
public class Planted {
  public dev.dueline.architecture.planted.job.Planted allowedJob;
  public dev.dueline.architecture.planted.store.redis.Planted plantedWing;
  public com.google.protobuf.ByteString plantedBytes;
}
