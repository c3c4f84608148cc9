package dev.dueline.access;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A name in a client certificate, with its kind: names of different kinds are never the same.
 *
 * @param kind where in the certificate it is
 * @param value a URI or common name as it is, a DNS name in lower case
 */
public record CertificateName(Kind kind, String value) {
  private static final Pattern DNS_NAME =
      Pattern.compile(
          "(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*");

  private static final Pattern NUMERIC_END = Pattern.compile("(.*\\.)?[0-9]+");

  /** Where in a certificate a name is. */
  public enum Kind {
    /** A subject alternative name of type URI; compared exactly. */
    URI,
    /** A subject alternative name of type DNS; compared without regard to case. */
    DNS,
    /** The common name of the subject; compared exactly. */
    COMMON_NAME
  }

  /** The name that a certificate shows; empty if nothing that can be configured is the same. */
  public static Optional<CertificateName> shown(Kind kind, String value) {
    boolean isPlain = !value.isEmpty() && value.chars().noneMatch(Character::isISOControl);
    return isPlain
        ? Optional.of(
            new CertificateName(kind, kind == Kind.DNS ? value.toLowerCase(Locale.ROOT) : value))
        : Optional.empty();
  }

  /**
   * The name that a setting means: {@code uri:…}, {@code dns:…} or {@code cn:…}; without a prefix,
   * what has {@code ://} is a URI and all else a DNS name.
   *
   * @throws IllegalArgumentException if no certificate could match it; says what to write
   */
  public static CertificateName parse(String entry) {
    if (entry.startsWith("uri:")) {
      return uri(entry, entry.substring(4));
    }
    if (entry.startsWith("dns:")) {
      return dns(entry, entry.substring(4));
    }
    if (entry.startsWith("cn:")) {
      return commonName(entry, entry.substring(3));
    }
    return entry.contains("://") ? uri(entry, entry) : dns(entry, entry);
  }

  private static CertificateName uri(String entry, String value) {
    try {
      if (new URI(value).isAbsolute()) {
        return new CertificateName(Kind.URI, value);
      }
    } catch (URISyntaxException e) {
      // Below; its message would say the same.
    }
    throw new IllegalArgumentException(
        "'" + entry + "' is no URI with a scheme: write uri:spiffe://example.org/worker");
  }

  private static CertificateName dns(String entry, String value) {
    String name = value.toLowerCase(Locale.ROOT);
    if (value.indexOf('*') >= 0) {
      throw new IllegalArgumentException(
          "'" + entry + "' has a wildcard, which matches no certificate: write each name");
    }
    if (!DNS_NAME.matcher(name).matches() || NUMERIC_END.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "'"
              + entry
              + "' is no DNS name: write dns:worker.example.org, uri: before a URI such as"
              + " uri:urn:example:worker, or cn: before a common name; addresses are not compared");
    }
    return new CertificateName(Kind.DNS, name);
  }

  private static CertificateName commonName(String entry, String value) {
    if (value.isBlank()
        || !value.equals(value.strip())
        || shown(Kind.COMMON_NAME, value).isEmpty()) {
      throw new IllegalArgumentException(
          "'" + entry + "' is no common name: write cn:NAME, without spaces around NAME");
    }
    return new CertificateName(Kind.COMMON_NAME, value);
  }

  /** As a setting has it. */
  @Override
  public String toString() {
    String prefix =
        switch (kind) {
          case URI -> "uri:";
          case DNS -> "dns:";
          case COMMON_NAME -> "cn:";
        };
    return prefix + value;
  }
}
