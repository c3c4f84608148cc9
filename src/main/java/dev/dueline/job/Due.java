package dev.dueline.job;

/** When a job falls due, as the caller gave it; Redis's clock resolves a delay. */
public sealed interface Due {
  /** The latest due time, ms: the end of the year 9999. */
  long MAX_MS = 253_402_300_799_999L;

  /** Milliseconds since the epoch, or of delay. */
  long ms();

  /** A moment; one that has passed is due at once. */
  record At(long ms) implements Due {
    public At {
      if (ms < 0 || ms > MAX_MS) {
        throw new IllegalArgumentException("not a due time: " + ms);
      }
    }
  }

  /**
   * The first run of a recurring job, where its rule gives it and not the caller: two requests that
   * differ only in it are identical.
   *
   * @param ms what the rule gave by the store's clock; 0: not known yet
   */
  record ByRule(long ms) implements Due {
    public ByRule {
      if (ms < 0 || ms > MAX_MS) {
        throw new IllegalArgumentException("not a due time: " + ms);
      }
    }
  }

  /** A delay, counted from the moment that Redis stores the job. */
  record After(long ms) implements Due {
    public After {
      if (ms < 0 || ms > MAX_MS / 2) {
        throw new IllegalArgumentException("not a delay: " + ms);
      }
    }
  }
}
