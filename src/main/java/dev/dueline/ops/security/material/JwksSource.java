package dev.dueline.ops.security.material;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A JWKS at an address, whose certificate is verified with those of a file, which may be replaced,
 * or else with those that Java trusts. Of one thread at a time.
 */
public final class JwksSource {
  /** Far more than an answer takes, and short against the interval. */
  private static final Duration LONGEST_FETCH = Duration.ofSeconds(10);

  /** A hundred keys with their certificates; as JSON objects some 100 times that, for a moment. */
  private static final int MAX_BYTES = 256 << 10;

  private final String address;
  private final @Nullable Path ca;
  private X509Certificate[] trusted = {};
  private @Nullable BoundedFetch fetch;

  /** A source whose authorities are in a PEM file; null: those that Java trusts. */
  public JwksSource(String address, @Nullable Path ca) {
    this.address = address;
    this.ca = ca;
  }

  /** Fetches it, and waits for it. */
  public String get() throws IOException, GeneralSecurityException, InterruptedException {
    return new String(fetch().get(URI.create(address)), StandardCharsets.UTF_8);
  }

  private BoundedFetch fetch() throws IOException, GeneralSecurityException {
    BoundedFetch known = fetch;
    X509Certificate[] found = ca == null ? trusted : PemFiles.certificates(ca);
    if (known == null || !Arrays.equals(found, trusted)) {
      known = new BoundedFetch(LONGEST_FETCH, MAX_BYTES, ca == null ? null : context(found));
      fetch = known;
      trusted = found;
    }
    return known;
  }

  private static SSLContext context(X509Certificate[] authorities)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    for (int i = 0; i < authorities.length; i++) {
      store.setCertificateEntry("ca-" + i, authorities[i]);
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
