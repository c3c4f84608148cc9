package dev.dueline.system.abuse.attack;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Attacks, by who can make them. For a build one of each family, which stands in front of a name,
 * since each takes seconds, and a few where a kind has but one; by hand those whose names contain
 * {@code dueline.test.abuse-attack}, or {@code all}.
 */
public final class Attacks {
  private static final String ASKED = System.getProperty("dueline.test.abuse-attack", "");
  private static final String ALL = "all";

  /** Of a kind that has one family, in a build. */
  private static final int FEW = 3;

  private Attacks() {}

  /** Who can make an attack, and with what. */
  public enum Kind {
    /** Whoever reaches the port. */
    ANONYMOUS(
        HealthAttacks.all(),
        IncompleteMessages.anonymous(),
        CredentialAttacks.all(),
        ScalerAttacks.anonymous(),
        ConnectionFloods.all()),
    /** A caller with a good token. */
    KNOWN_CALLER(
        IncompleteMessages.unended(),
        CountAttacks.all(),
        CredentialAttacks.known(),
        IncompleteMessages.known(),
        CompressedMessages.all(),
        ScalerAttacks.known(),
        UnreadAnswers.all()),
    /** Whoever sends frames that carry nothing; they end with the connection. */
    FRAMES(FrameFloods.all()),
    /**
     * Whoever reaches the ports of console and management, and a caller with a good token there.
     */
    PAGES(PageAttacks.console(), PageAttacks.management()),
    /** Whoever reaches a port that speaks TLS. */
    TLS(TlsAttacks.all());

    private final List<Attack> all;

    @SafeVarargs
    Kind(List<Attack>... parts) {
      all = Stream.of(parts).flatMap(List::stream).toList();
    }

    private static String family(Attack attack) {
      return attack.name().substring(0, attack.name().indexOf(':'));
    }

    /** Those to be made now. */
    public List<Attack> asked() {
      if (ASKED.isEmpty()) {
        Set<String> seen = new HashSet<>();
        List<Attack> first = all.stream().filter(each -> seen.add(family(each))).toList();
        return first.size() == 1 ? all.subList(0, FEW) : first;
      }
      return all.stream().filter(each -> ASKED.equals(ALL) || each.name().contains(ASKED)).toList();
    }
  }

  /** Wrong tokens from the address that well clients come from. */
  public static Attack failedAuthentication() {
    return CredentialAttacks.wrongTokens("credentials: wrong tokens, beside clients", true);
  }

  /** Requests that grow once they are read, and are kept until their caller ends them. */
  public static Attack unendedRequests() {
    return IncompleteMessages.unended().get(0);
  }

  /** All that can be made on a service in the clear. */
  public static List<Attack> all() {
    return Stream.concat(
            Stream.of(Kind.values())
                .filter(kind -> kind != Kind.TLS)
                .flatMap(kind -> kind.all.stream()),
            Stream.of(failedAuthentication()))
        .toList();
  }
}
