package dev.dueline.system.abuse.wire;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** How often each thing was seen. Thread-safe. */
public final class Counts {
  private final Map<String, LongAdder> counts = new ConcurrentSkipListMap<>();

  public void add(String what) {
    counts.computeIfAbsent(what, key -> new LongAdder()).increment();
  }

  public long of(String what) {
    LongAdder count = counts.get(what);
    return count == null ? 0 : count.sum();
  }

  /** How many things were seen in all. */
  public long total() {
    return counts.values().stream().mapToLong(LongAdder::sum).sum();
  }

  @Override
  public String toString() {
    return counts.toString();
  }
}
