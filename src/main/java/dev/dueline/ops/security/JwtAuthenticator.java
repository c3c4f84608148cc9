package dev.dueline.ops.security;

import dev.dueline.access.Authenticator;
import dev.dueline.access.Credentials;
import dev.dueline.access.Permission;
import dev.dueline.access.Principal;
import dev.dueline.access.QueuePatterns;
import dev.dueline.ops.security.SecurityConfig.JwtConfig;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.jspecify.annotations.Nullable;

/**
 * Who a JSON Web Token is of. Its signature is checked once: what came of it is kept until it
 * expires or the keys change.
 */
final class JwtAuthenticator implements Authenticator {
  /** Between the clocks of whoever issues tokens and this machine. */
  private static final int CLOCK_SKEW_SECONDS = 30;

  /** Beyond it all are checked again; callers have a token each, for minutes. */
  private static final int MAX_KEPT = 10_000;

  private static final int MAX_LENGTH = 8_192;

  private final JwtConfig config;
  private final KnownPrincipals known;
  private final ConnectionConfig limits;
  private final JwtKeys keys;
  private final Map<String, Kept> kept = new ConcurrentHashMap<>();

  JwtAuthenticator(JwtConfig config, KnownPrincipals known, ConnectionConfig limits, JwtKeys keys) {
    this.config = config;
    this.known = known;
    this.limits = limits;
    this.keys = keys;
  }

  /** Takes up new keys; tokens of keys that are gone are refused from then on. */
  void look() {
    if (keys.look()) {
      kept.clear();
    }
  }

  /** Why there is no key yet; empty: there is. */
  Optional<String> missingKeys() {
    return keys.missing();
  }

  @Override
  public Optional<Principal> authenticate(Credentials credentials) {
    String token = credentials.bearer();
    if (token == null || token.length() > MAX_LENGTH || token.indexOf('.') < 0) {
      return Optional.empty();
    }
    // Not the token itself, which a dump of the heap would show.
    String print = HexFormat.of().formatHex(KnownPrincipals.sha256(token));
    Kept before = kept.get(print);
    if (before != null && before.untilMs > System.currentTimeMillis()) {
      return Optional.of(before.principal);
    }
    return check(token, print);
  }

  private Optional<Principal> check(String token, String print) {
    try {
      JwtClaims claims = consumer().processToClaims(token);
      Optional<Principal> principal = principal(claims);
      if (principal.isPresent()) {
        if (kept.size() >= MAX_KEPT) {
          kept.clear();
        }
        kept.put(print, new Kept(principal.get(), claims.getExpirationTime().getValueInMillis()));
      }
      return principal;
    } catch (InvalidJwtException | MalformedClaimException | RuntimeException e) {
      // Why is between the caller and the issuer; a message may have parts of the token.
      return Optional.empty();
    }
  }

  private JwtConsumer consumer() {
    return new JwtConsumerBuilder()
        .setRequireExpirationTime()
        .setAllowedClockSkewInSeconds(CLOCK_SKEW_SECONDS)
        .setExpectedIssuer(config.issuer().orElseThrow())
        .setExpectedAudience(config.audience().orElseThrow())
        .setVerificationKeyResolver(new JwksVerificationKeyResolver(keys.current()))
        .setJwsAlgorithmConstraints(
            new AlgorithmConstraints(
                ConstraintType.PERMIT,
                AlgorithmIdentifiers.RSA_USING_SHA256,
                AlgorithmIdentifiers.RSA_USING_SHA384,
                AlgorithmIdentifiers.RSA_USING_SHA512,
                AlgorithmIdentifiers.RSA_PSS_USING_SHA256,
                AlgorithmIdentifiers.RSA_PSS_USING_SHA384,
                AlgorithmIdentifiers.RSA_PSS_USING_SHA512,
                AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256,
                AlgorithmIdentifiers.ECDSA_USING_P384_CURVE_AND_SHA384,
                AlgorithmIdentifiers.ECDSA_USING_P521_CURVE_AND_SHA512,
                AlgorithmIdentifiers.EDDSA))
        .build();
  }

  /** By its claim of permissions; without one, as the configuration has it by that name. */
  private Optional<Principal> principal(JwtClaims claims) throws MalformedClaimException {
    String name = claims.getStringClaimValue(config.principalClaim());
    if (name == null || name.isEmpty()) {
      return Optional.empty();
    }
    if (!claims.hasClaim(config.permissionsClaim())) {
      return known.named(name);
    }
    Object granted = claims.getClaimValue(config.permissionsClaim());
    if (!(granted instanceof Map<?, ?> byWord)) {
      return Optional.empty();
    }
    Map<Permission, QueuePatterns> queues = new HashMap<>();
    for (Permission permission : Permission.values()) {
      queues.put(permission, patterns(byWord.get(permission.word())));
    }
    Optional<Principal> same = known.named(name);
    return Optional.of(
        new Principal(
            name,
            queues,
            same.map(Principal::maxWatchers).orElse(limits.watchersPerPrincipal()),
            same.map(Principal::callsPerSecond).orElse(limits.callsPerSecondPerPrincipal())));
  }

  private static QueuePatterns patterns(@Nullable Object claimed) {
    return claimed instanceof List<?> list
        ? QueuePatterns.of(list.stream().map(Object::toString).toList())
        : QueuePatterns.NONE;
  }

  private record Kept(Principal principal, long untilMs) {}
}
