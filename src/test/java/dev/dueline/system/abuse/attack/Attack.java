package dev.dueline.system.abuse.attack;

import java.io.IOException;

/**
 * One way to harm a service.
 *
 * @param name what is done, in a few words
 * @param isBesideClients whether it comes from the address that well clients come from, too
 * @param body what is done
 */
public record Attack(String name, boolean isBesideClients, Body body) {

  /** One from an address of its own. */
  public static Attack of(String name, Body body) {
    return new Attack(name, false, body);
  }

  /** One from the address of well clients. */
  public static Attack besideClients(String name, Body body) {
    return new Attack(name, true, body);
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
