package dev.dueline.system.abuse.attack;

import dev.dueline.system.abuse.wire.Counts;
import java.io.IOException;
import java.util.List;

/**
 * One way to harm a service.
 *
 * @param name what is done, in a few words
 * @param isBesideClients whether it comes from the address that well clients come from, too
 * @param bounds what the service must have done to it, any of them, before it ends; none: it ends
 *     with its time
 * @param body what is done
 */
public record Attack(String name, boolean isBesideClients, List<String> bounds, Body body) {

  /** One from an address of its own. */
  public static Attack of(String name, Body body) {
    return new Attack(name, false, List.of(), body);
  }

  /** One from the address of well clients. */
  public static Attack besideClients(String name, Body body) {
    return new Attack(name, true, List.of(), body);
  }

  /**
   * The same, which goes on until the service has done one of these to it: on a slow machine it may
   * have hardly begun when its time is over.
   */
  Attack until(String... counts) {
    return new Attack(name, isBesideClients, List.of(counts), body);
  }

  /** Whether the service has done to it what it must. */
  boolean isBounded(Counts counts) {
    return isBounded(counts.toString());
  }

  /** The same, of what became of its calls and connections. */
  public boolean isBounded(String answers) {
    return bounds.isEmpty() || bounds.stream().anyMatch(answers::contains);
  }

  @Override
  public String toString() {
    return name;
  }

  /** What an attack does. */
  @FunctionalInterface
  public interface Body {
    /**
     * Attacks until it has done it all, or the attacker is over. Connections that it leaves open
     * are held until then.
     */
    void run(Attacker attacker) throws IOException, InterruptedException;
  }
}
