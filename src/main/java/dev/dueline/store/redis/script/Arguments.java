package dev.dueline.store.redis.script;

import dev.dueline.job.JobId;
import dev.dueline.store.redis.layout.IdCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The arguments of one script call, in order. */
public final class Arguments {
  private final List<byte[]> values = new ArrayList<>();

  public Arguments add(byte[] value) {
    values.add(value);
    return this;
  }

  public Arguments add(JobId id) {
    return add(IdCodec.pack(id));
  }

  public Arguments add(String value) {
    return add(value.getBytes(StandardCharsets.UTF_8));
  }

  public Arguments add(long value) {
    return add(Long.toString(value));
  }

  public Arguments add(boolean value) {
    return add(value ? "1" : "0");
  }

  public List<byte[]> values() {
    return values;
  }
}
