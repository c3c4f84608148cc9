package dev.dueline.grpc;

import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** The names that a verified client certificate carries: URIs, DNS names, and the common name. */
final class CertificateNames {
  private static final int DNS = 2;
  private static final int URI = 6;
  private static final String KEY = "dueline.names";

  private CertificateNames() {}

  /** Those of a connection's client; none if it showed no certificate. */
  @SuppressWarnings("unchecked")
  static List<String> of(SSLSession session) {
    Object known = session.getValue(KEY);
    if (known instanceof List<?> names) {
      return (List<String>) names;
    }
    List<String> names;
    try {
      Certificate[] chain = session.getPeerCertificates();
      names = chain[0] instanceof X509Certificate own ? of(own) : List.of();
    } catch (SSLPeerUnverifiedException e) {
      names = List.of();
    }
    session.putValue(KEY, names);
    return names;
  }

  private static List<String> of(X509Certificate certificate) {
    List<String> names = new ArrayList<>();
    try {
      Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
      if (alternatives != null) {
        addAll(URI, alternatives, names);
        addAll(DNS, alternatives, names);
      }
      for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
        if (part.getType().equalsIgnoreCase("CN")) {
          names.add(part.getValue().toString());
        }
      }
    } catch (CertificateParsingException | InvalidNameException e) {
      // A name that cannot be read is nobody's.
      return List.copyOf(names);
    }
    return List.copyOf(names);
  }

  private static void addAll(int kind, Collection<List<?>> alternatives, List<String> names) {
    for (List<?> each : alternatives) {
      if (each.get(0).equals(kind)) {
        names.add(each.get(1).toString());
      }
    }
  }
}
