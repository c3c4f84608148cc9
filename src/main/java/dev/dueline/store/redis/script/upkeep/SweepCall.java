package dev.dueline.store.redis.script.upkeep;

import dev.dueline.job.Coded;
import dev.dueline.job.Shard;
import dev.dueline.store.Inconsistency;
import dev.dueline.store.SweepStep;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ShardCall;
import java.util.EnumMap;
import java.util.Map;

/** Makes one step through all that a shard keeps. */
public record SweepCall(Shard shard, SweepStep.Pace pace) implements ShardCall<SweepStep> {
  @Override
  public Script script() {
    return Script.SWEEP;
  }

  @Override
  public void addTo(Arguments arguments) {
    arguments.add(pace.leastMs()).add(pace.restMs()).add(pace.sinceMs());
  }

  @Override
  public SweepStep read(Reply reply) {
    boolean isComplete = reply.flag();
    long waitMs = reply.number();
    Map<Inconsistency, Integer> repaired = new EnumMap<>(Inconsistency.class);
    for (int code = 1; reply.hasMore(); code++) {
      int count = (int) reply.number();
      if (count > 0) {
        repaired.put(Coded.of(Inconsistency.values(), code), count);
      }
    }
    return new SweepStep(isComplete, waitMs, repaired);
  }
}
