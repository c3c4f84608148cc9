package dev.dueline.ops.security;

import dev.dueline.ops.security.material.JwksSource;
import dev.dueline.ops.security.material.PemFiles;
import dev.dueline.ops.security.material.PublicKeys;
import dev.dueline.ops.security.material.ReloadRecord;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/** The public keys that tokens are signed with: of a file, or of an https address. */
final class JwtKeys {
  private final String source;
  private final @Nullable Path ca;
  private final ReloadRecord record;
  private final JwksSource remote;
  private volatile List<JsonWebKey> keys = List.of();

  /** Why no key was read yet; null: some were. */
  private volatile @Nullable String missing = "they were not read yet";

  private JwtKeys(String source, @Nullable Path ca, ReloadRecord record) {
    this.source = source;
    this.ca = ca;
    this.record = record;
    this.remote = new JwksSource(source, ca);
  }

  /**
   * A file must be there; an address that does not answer is asked again.
   *
   * @param ca with which the address is verified; empty: with what Java trusts
   */
  static JwtKeys of(String source, Optional<Path> ca, ReloadRecord record) {
    JwtKeys keys = new JwtKeys(source, ca.orElse(null), record);
    keys.requireSafeCa();
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

  /** Why none was read yet; empty: some were, be they old. */
  Optional<String> missing() {
    return Optional.ofNullable(missing);
  }

  /** Reads them again, and waits for it; where that fails, the old ones hold. */
  boolean look() {
    try {
      return take(read());
    } catch (IOException | GeneralSecurityException | JoseException | RuntimeException e) {
      if (keys.isEmpty()) {
        missing = ReloadRecord.reason(e);
        record.failed(e, "so this replica is not ready");
      } else {
        record.failed(e, ReloadRecord.OLD_HOLD);
      }
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
    missing = null;
    record.succeeded(found.ignored());
    return isOther;
  }

  private static String describe(List<JsonWebKey> keys) {
    return keys.stream().map(JsonWebKey::toJson).toList().toString();
  }

  private boolean isRemote() {
    return source.startsWith("https:") || source.startsWith("http:");
  }

  private void requireSafeCa() {
    if (ca == null) {
      return;
    }
    if (!source.startsWith("https:")) {
      throw new UnsafeSettingException(
          "dueline.security.jwt.keys-ca: keys come by no https: address, so unset it");
    }
    try {
      var unused = PemFiles.certificates(ca);
    } catch (IOException | GeneralSecurityException e) {
      throw new UnsafeSettingException(
          "dueline.security.jwt.keys-ca: "
              + ReloadRecord.reason(e)
              + ". Set it to a PEM file with the certificates of authorities.");
    }
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
    return isRemote() ? PublicKeys.ofJwks(remote.get()) : PublicKeys.of(Path.of(source));
  }
}
