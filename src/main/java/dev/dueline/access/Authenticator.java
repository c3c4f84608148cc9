package dev.dueline.access;

import java.util.Optional;

/** Tells who makes a call. Any thread; never blocks. */
@FunctionalInterface
public interface Authenticator {
  /** Who that is; empty for credentials that are missing or wrong alike. */
  Optional<Principal> authenticate(Credentials credentials);
}
