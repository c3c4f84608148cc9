package dev.dueline.access;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a call brings along to say who makes it.
 *
 * @param bearer the token of its authorization; null: it has none
 * @param certificateNames that its verified client certificate carries, the most telling first
 */
public record Credentials(@Nullable String bearer, List<CertificateName> certificateNames) {
  public Credentials {
    certificateNames = List.copyOf(certificateNames);
  }

  /** Keeps the token out of logs. */
  @Override
  public String toString() {
    return "Credentials" + certificateNames + (bearer == null ? "" : " and a token");
  }
}
