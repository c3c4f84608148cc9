package dev.dueline.store.redis.script;

import dev.dueline.job.Coded;
import dev.dueline.job.JobId;
import dev.dueline.job.lease.LeaseId;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.store.redis.layout.IdCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The arguments of one script call, in order. */
public final class Arguments {
  private final List<byte[]> values = new ArrayList<>();

  /** Adds bytes as they are. */
  public Arguments add(byte[] value) {
    values.add(value);
    return this;
  }

  /** Adds an id as it stands in keys: packed. */
  public Arguments add(JobId id) {
    return add(IdCodec.pack(id));
  }

  /** Adds the 28 bytes of a lease id. */
  public Arguments add(LeaseId id) {
    return add(id.bytes());
  }

  /** Adds the id of the job, then that of the lease. */
  public Arguments add(LeaseRef lease) {
    return add(lease.id()).add(lease.leaseId());
  }

  /** Adds a text in UTF-8. */
  public Arguments add(String value) {
    return add(value.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds a number in decimal digits. */
  public Arguments add(long value) {
    return add(Long.toString(value));
  }

  /** Adds a number as Lua reads it, without loss. */
  public Arguments add(double value) {
    return add(Double.toString(value));
  }

  /** Adds 1 or 0. */
  public Arguments add(boolean value) {
    return add(value ? "1" : "0");
  }

  /** Adds the code of a value. */
  public Arguments add(Coded value) {
    return add(value.code());
  }

  /** What was added. */
  public List<byte[]> values() {
    return values;
  }
}
