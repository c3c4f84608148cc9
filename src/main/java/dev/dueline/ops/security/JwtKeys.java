package dev.dueline.ops.security;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.lang.JoseException;

/** The public keys that tokens are signed with: of a file, or of an https address. */
final class JwtKeys {
  /** Far more than an answer takes, and short against the interval. */
  private static final Duration LONGEST_FETCH = Duration.ofSeconds(10);

  /** A hundred keys with their certificates; as JSON objects some 100 times that, for a moment. */
  private static final int MAX_FETCHED_BYTES = 256 << 10;

  private final String source;
  private final ReloadRecord record;
  private final BoundedFetch fetch;
  private volatile List<JsonWebKey> keys = List.of();

  JwtKeys(String source, ReloadRecord record, BoundedFetch fetch) {
    this.source = source;
    this.record = record;
    this.fetch = fetch;
  }

  /** A file must be there; an address that does not answer is asked again. */
  static JwtKeys of(String source, ReloadRecord record) {
    JwtKeys keys = new JwtKeys(source, record, new BoundedFetch(LONGEST_FETCH, MAX_FETCHED_BYTES));
    if (keys.isRemote()) {
      keys.requireSafe();
      var unused = keys.look();
    } else {
      try {
        keys.take(keys.read());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      } catch (IOException | GeneralSecurityException | JoseException | RuntimeException e) {
        throw new UnsafeSettingException(
            "dueline.security.jwt.keys: "
                + ReloadRecord.reason(e)
                + ". Set it to a PEM file with a public key or certificate, a JWKS file, or the"
                + " https address of a JWKS.");
      }
    }
    return keys;
  }

  List<JsonWebKey> current() {
    return keys;
  }

  /** Reads them again, and waits for it; where that fails, the old ones hold. */
  boolean look() {
    try {
      return take(read());
    } catch (IOException | GeneralSecurityException | JoseException | RuntimeException e) {
      record.failed(e);
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Whether they are others than before. */
  private boolean take(PublicKeys found) {
    boolean isOther = !describe(found.keys()).equals(describe(keys));
    keys = found.keys();
    record.succeeded(found.ignored());
    return isOther;
  }

  private static String describe(List<JsonWebKey> keys) {
    return keys.stream().map(JsonWebKey::toJson).toList().toString();
  }

  private boolean isRemote() {
    return source.startsWith("https:") || source.startsWith("http:");
  }

  /** Keys that come in the clear could be anybody's. */
  private void requireSafe() {
    String host = String.valueOf(URI.create(source).getHost());
    if (source.startsWith("http:") && !host.equals("127.0.0.1") && !host.equals("localhost")) {
      throw new UnsafeSettingException("dueline.security.jwt.keys: use https: in the address");
    }
  }

  private PublicKeys read()
      throws IOException, GeneralSecurityException, JoseException, InterruptedException {
    return isRemote()
        ? PublicKeys.ofJwks(new String(fetch.get(URI.create(source)), StandardCharsets.UTF_8))
        : PublicKeys.of(Path.of(source));
  }
}
