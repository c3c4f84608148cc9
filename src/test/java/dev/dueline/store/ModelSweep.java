package dev.dueline.store;

import java.util.Map;

/** The passes of one shard of the model, which is never damaged: each takes a few steps. */
final class ModelSweep {
  private static final int STEPS = 4;

  private int step;
  private long steppedMs;
  private long begunMs;
  private long lastBegunMs = -1;
  private long doneMs;

  SweepStep step(SweepStep.Pace pace, long nowMs) {
    long sinceMs = pace.sinceMs() > nowMs ? 0 : pace.sinceMs();
    if (step == 0) {
      long wait = doneMs + pace.restMs() - nowMs;
      if (lastBegunMs >= 0 && lastBegunMs >= sinceMs && wait > 0 && wait <= pace.restMs()) {
        return new SweepStep(true, wait, Map.of());
      }
      begunMs = nowMs;
    } else if (steppedMs <= nowMs && nowMs < steppedMs + pace.leastMs()) {
      return new SweepStep(false, steppedMs + pace.leastMs() - nowMs, Map.of());
    }
    steppedMs = nowMs;
    step = (step + 1) % STEPS;
    if (step > 0) {
      return new SweepStep(false, pace.leastMs(), Map.of());
    }
    lastBegunMs = begunMs;
    doneMs = nowMs;
    boolean isComplete = begunMs >= sinceMs;
    return new SweepStep(isComplete, isComplete ? pace.restMs() : pace.leastMs(), Map.of());
  }
}
