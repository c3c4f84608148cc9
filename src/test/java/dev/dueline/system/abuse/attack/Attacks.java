package dev.dueline.system.abuse.attack;

import java.util.List;
import java.util.stream.Stream;

/**
 * All attacks, by who can make them. For a build some of each kind, since each takes seconds; by
 * hand those whose names contain {@code dueline.test.abuse-attack}, or {@code all}.
 */
public final class Attacks {
  private static final String ASKED = System.getProperty("dueline.test.abuse-attack", "");
  private static final String ALL = "all";

  /** Of each kind, in a build. */
  private static final int FEW = 3;

  private Attacks() {}

  /** By whoever reaches the port. */
  public static List<Attack> anonymous() {
    return asked(everyAnonymous());
  }

  private static List<Attack> everyAnonymous() {
    return Stream.of(
            HealthAttacks.all(),
            IncompleteMessages.anonymous(),
            CredentialAttacks.all(),
            ConnectionFloods.all())
        .flatMap(List::stream)
        .toList();
  }

  /** By a caller with a good token. */
  public static List<Attack> known() {
    return asked(everyKnown());
  }

  private static List<Attack> everyKnown() {
    return Stream.of(
            CountAttacks.all(),
            IncompleteMessages.known(),
            CompressedMessages.all(),
            UnreadAnswers.all())
        .flatMap(List::stream)
        .toList();
  }

  /** With frames that carry nothing. */
  public static List<Attack> frames() {
    return asked(FrameFloods.all());
  }

  /** Wrong tokens from the address that well clients come from. */
  public static Attack failedAuthentication() {
    return CredentialAttacks.wrongTokens("credentials: wrong tokens, beside clients", true);
  }

  public static List<Attack> all() {
    return Stream.of(
            everyAnonymous(), everyKnown(), FrameFloods.all(), List.of(failedAuthentication()))
        .flatMap(List::stream)
        .toList();
  }

  private static List<Attack> asked(List<Attack> kind) {
    if (ASKED.isEmpty()) {
      return kind.subList(0, FEW);
    }
    return kind.stream().filter(each -> ASKED.equals(ALL) || each.name().contains(ASKED)).toList();
  }
}
