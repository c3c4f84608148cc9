package dev.dueline.store.due;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Slots for tests to which only the holders matter. */
public final class TestSlots {
  private TestSlots() {}

  /** Slots without a deadline, for all that is due, each time with another nonce. */
  public static Slots of(List<Slots.Holder> holders, List<Integer> order) {
    return new Slots(holders, order, ThreadLocalRandom.current().nextLong(), 0, 0);
  }
}
