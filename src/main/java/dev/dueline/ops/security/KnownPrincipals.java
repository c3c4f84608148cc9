package dev.dueline.ops.security;

import dev.dueline.access.Authenticator;
import dev.dueline.access.CertificateName;
import dev.dueline.access.Credentials;
import dev.dueline.access.Permission;
import dev.dueline.access.Principal;
import dev.dueline.access.QueuePatterns;
import dev.dueline.ops.security.SecurityConfig.PrincipalConfig;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The principals that the configuration names, by their tokens and their certificates. */
final class KnownPrincipals implements Authenticator {
  private static final int SHA_256_BYTES = 32;
  private static final String PREFIX = "dueline.security.principals.\"";

  private final List<TokenHash> tokens = new ArrayList<>();
  private final Map<CertificateName, Principal> byCertificate = new HashMap<>();
  private final Map<String, Principal> byName = new HashMap<>();

  /** Fails with {@link UnsafeSettingException}. */
  KnownPrincipals(SecurityConfig config, ConnectionConfig limits) {
    config.principals().forEach((name, one) -> add(name, one, limits));
  }

  boolean isEmpty() {
    return byName.isEmpty();
  }

  boolean haveCertificates() {
    return !byCertificate.isEmpty();
  }

  Optional<Principal> named(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** A token, where there is one, decides alone; else the first certificate name that is known. */
  @Override
  public Optional<Principal> authenticate(Credentials credentials) {
    String bearer = credentials.bearer();
    if (bearer != null) {
      return Optional.ofNullable(byToken(bearer));
    }
    return credentials.certificateNames().stream()
        .map(byCertificate::get)
        .filter(found -> found != null)
        .findFirst();
  }

  /** A SHA-256 of all hashes of tokens; at random where there are none. */
  byte[] digest() {
    if (tokens.isEmpty()) {
      byte[] random = new byte[SHA_256_BYTES];
      new SecureRandom().nextBytes(random);
      return random;
    }
    return sha256(
        tokens.stream()
            .map(token -> HexFormat.of().formatHex(token.hash))
            .sorted()
            .collect(Collectors.joining(",", "dueline console ", "")));
  }

  /** Compares with all of them, so that the time tells nothing of any. */
  private @Nullable Principal byToken(String token) {
    byte[] hash = sha256(token);
    Principal found = null;
    for (TokenHash each : tokens) {
      if (MessageDigest.isEqual(each.hash, hash)) {
        found = each.principal;
      }
    }
    return found;
  }

  private void add(String name, PrincipalConfig config, ConnectionConfig limits) {
    Principal principal =
        new Principal(
            name,
            Map.of(
                Permission.SCHEDULE,
                patterns(name, Permission.SCHEDULE, config.schedule()),
                Permission.WATCH,
                patterns(name, Permission.WATCH, config.watch()),
                Permission.READ,
                patterns(name, Permission.READ, config.read()),
                Permission.PAYLOADS,
                patterns(name, Permission.PAYLOADS, config.payloads()),
                Permission.OPERATE,
                patterns(name, Permission.OPERATE, config.operate())),
            config.watchers().orElse(limits.watchersPerPrincipal()),
            config.callsPerSecond().orElse(limits.callsPerSecondPerPrincipal()));
    byName.put(name, principal);
    for (String hash : config.tokenSha256().orElse(List.of())) {
      tokens.add(new TokenHash(parse(name, hash), principal));
    }
    for (String certificate : config.certificates().orElse(List.of())) {
      Principal other = byCertificate.put(parseCertificate(name, certificate), principal);
      if (other != null && other != principal) {
        throw new UnsafeSettingException(
            PREFIX + name + "\".certificates: '" + certificate + "' is another's already");
      }
    }
  }

  private static QueuePatterns patterns(
      String name, Permission permission, Optional<List<String>> patterns) {
    try {
      return QueuePatterns.of(patterns.orElse(List.of()));
    } catch (IllegalArgumentException e) {
      throw new UnsafeSettingException(
          PREFIX + name + "\"." + permission.word() + ": " + e.getMessage());
    }
  }

  private static CertificateName parseCertificate(String name, String certificate) {
    try {
      return CertificateName.parse(certificate.strip());
    } catch (IllegalArgumentException e) {
      throw new UnsafeSettingException(PREFIX + name + "\".certificates: " + e.getMessage());
    }
  }

  /** Does not repeat what it was given: it may be a token. */
  private static byte[] parse(String name, String hash) {
    try {
      byte[] parsed = HexFormat.of().parseHex(hash.strip());
      if (parsed.length == SHA_256_BYTES) {
        return parsed;
      }
    } catch (IllegalArgumentException e) {
      // The message would repeat it.
    }
    throw new UnsafeSettingException(
        PREFIX
            + name
            + "\".token-sha256: not the 64 hex digits of a SHA-256; make it with printf %s TOKEN |"
            + " sha256sum");
  }

  static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class TokenHash {
    private final byte[] hash;
    private final Principal principal;

    TokenHash(byte[] hash, Principal principal) {
      this.hash = hash;
      this.principal = principal;
    }
  }
}
