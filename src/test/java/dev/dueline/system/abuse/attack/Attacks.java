package dev.dueline.system.abuse.attack;

import java.util.List;
import java.util.stream.Stream;

/**
 * Attacks, by who can make them. For a build some of each kind, since each takes seconds; by hand
 * those whose names contain {@code dueline.test.abuse-attack}, or {@code all}.
 */
public final class Attacks {
  private static final String ASKED = System.getProperty("dueline.test.abuse-attack", "");
  private static final String ALL = "all";

  /** Of each kind, in a build. */
  private static final int FEW = 3;

  private Attacks() {}

  /** Who can make an attack, and with what. */
  public enum Kind {
    /** Whoever reaches the port. */
    ANONYMOUS(
        HealthAttacks.all(),
        IncompleteMessages.anonymous(),
        CredentialAttacks.all(),
        ConnectionFloods.all()),
    /** A caller with a good token. */
    KNOWN_CALLER(
        IncompleteMessages.unended(),
        CountAttacks.all(),
        IncompleteMessages.known(),
        CompressedMessages.all(),
        UnreadAnswers.all()),
    /** Whoever sends frames that carry nothing; they end with the connection. */
    FRAMES(FrameFloods.all()),
    /** Whoever reaches the port of the console, and a caller with a good token there. */
    CONSOLE(ConsoleAttacks.all());

    private final List<Attack> all;

    @SafeVarargs
    Kind(List<Attack>... parts) {
      all = Stream.of(parts).flatMap(List::stream).toList();
    }

    /** Those to be made now. */
    public List<Attack> asked() {
      if (ASKED.isEmpty()) {
        return all.subList(0, FEW);
      }
      return all.stream().filter(each -> ASKED.equals(ALL) || each.name().contains(ASKED)).toList();
    }
  }

  /** Wrong tokens from the address that well clients come from. */
  public static Attack failedAuthentication() {
    return CredentialAttacks.wrongTokens("credentials: wrong tokens, beside clients", true);
  }

  /**
   * Of every kind that gRPC's port can be attacked by. The console's are made by themselves, so
   * that descriptors are those of one port.
   */
  public static List<Attack> all() {
    return Stream.concat(
            Stream.of(Kind.values())
                .filter(kind -> kind != Kind.CONSOLE)
                .flatMap(kind -> kind.all.stream()),
            Stream.of(failedAuthentication()))
        .toList();
  }
}
