package dev.dueline.access;

import dev.dueline.access.CertificateName.Kind;
import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.naming.InvalidNameException;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * The names that a verified client certificate carries: URIs, DNS names, and the common name.
 * Addresses, e-mail addresses and names of other kinds are left out.
 */
public final class CertificateNames {
  private static final int DNS = 2;
  private static final int URI = 6;
  private static final String KEY = "dueline.names";

  private CertificateNames() {}

  /** Those of a connection's client; none if it showed no certificate. Any thread. */
  @SuppressWarnings("unchecked")
  public static List<CertificateName> of(SSLSession session) {
    Object known = session.getValue(KEY);
    if (known instanceof List<?> names) {
      return (List<CertificateName>) names;
    }
    List<CertificateName> names;
    try {
      Certificate[] chain = session.getPeerCertificates();
      names = chain[0] instanceof X509Certificate own ? of(own) : List.of();
    } catch (SSLPeerUnverifiedException e) {
      names = List.of();
    }
    session.putValue(KEY, names);
    return names;
  }

  /** URIs first, then DNS names, then the common name. */
  private static List<CertificateName> of(X509Certificate certificate) {
    List<CertificateName> names = new ArrayList<>();
    try {
      Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
      if (alternatives != null) {
        addAll(URI, Kind.URI, alternatives, names);
        addAll(DNS, Kind.DNS, alternatives, names);
      }
      List<String> common = commonNames(certificate);
      // Which of several would be meant is anybody's guess.
      if (common.size() == 1) {
        CertificateName.shown(Kind.COMMON_NAME, common.get(0)).ifPresent(names::add);
      }
    } catch (CertificateParsingException | NamingException e) {
      // A name that cannot be read is nobody's.
      return List.copyOf(names);
    }
    return List.copyOf(names);
  }

  /** All of them, wherever in the subject; one that is not text as an empty one. */
  private static List<String> commonNames(X509Certificate certificate) throws NamingException {
    List<String> found = new ArrayList<>();
    for (Rdn part : subject(certificate).getRdns()) {
      Attribute common = part.toAttributes().get("CN");
      for (int i = 0; common != null && i < common.size(); i++) {
        found.add(common.get(i) instanceof String text ? text : "");
      }
    }
    return found;
  }

  private static LdapName subject(X509Certificate certificate) throws InvalidNameException {
    return new LdapName(certificate.getSubjectX500Principal().getName());
  }

  private static void addAll(
      int type, Kind kind, Collection<List<?>> alternatives, List<CertificateName> names) {
    for (List<?> each : alternatives) {
      if (each.get(0).equals(type) && each.get(1) instanceof String value) {
        CertificateName.shown(kind, value).ifPresent(names::add);
      }
    }
  }
}
