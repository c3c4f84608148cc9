package dev.dueline.abuse.attack;

import java.util.List;
import java.util.stream.Stream;

/**
 * All attacks, by who can make them; only those whose names contain {@code
 * dueline.test.abuse-attack}, where it is set.
 */
public final class Attacks {
  private static final String PART_OF_NAME = System.getProperty("dueline.test.abuse-attack", "");

  private Attacks() {}

  /** By whoever reaches the port. */
  public static List<Attack> anonymous() {
    return Stream.of(
            HealthAttacks.all(),
            IncompleteMessages.anonymous(),
            CredentialAttacks.all(),
            ConnectionFloods.all())
        .flatMap(List::stream)
        .filter(Attacks::isAsked)
        .toList();
  }

  /** By a caller with a good token. */
  public static List<Attack> known() {
    return Stream.of(
            CountAttacks.all(),
            IncompleteMessages.known(),
            CompressedMessages.all(),
            UnreadAnswers.all())
        .flatMap(List::stream)
        .filter(Attacks::isAsked)
        .toList();
  }

  /** With frames that carry nothing. */
  public static List<Attack> frames() {
    return FrameFloods.all().stream().filter(Attacks::isAsked).toList();
  }

  /** Wrong tokens from the address that well clients come from. */
  public static Attack failedAuthentication() {
    return CredentialAttacks.wrongTokens("credentials: wrong tokens, beside clients", true);
  }

  public static List<Attack> all() {
    return Stream.of(anonymous(), known(), frames(), List.of(failedAuthentication()))
        .flatMap(List::stream)
        .toList();
  }

  private static boolean isAsked(Attack attack) {
    return attack.name().contains(PART_OF_NAME);
  }
}
