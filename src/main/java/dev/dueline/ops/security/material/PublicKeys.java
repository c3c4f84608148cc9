package dev.dueline.ops.security.material;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * Public keys as a document has them.
 *
 * @param keys at least one
 * @param ignored of how many others no use can be made, and why; null: there are none
 */
public record PublicKeys(List<JsonWebKey> keys, @Nullable String ignored) {
  /** Issuers have a handful; each is tried for a token that does not name one. */
  public static final int MAX_KEYS = 100;

  /** A set of keys, which stays as it is. */
  public PublicKeys {
    keys = List.copyOf(keys);
  }

  /** Those of a file: a public key or certificate in PEM, or a JWKS. */
  public static PublicKeys of(Path file)
      throws IOException, GeneralSecurityException, JoseException {
    String text = new String(SmallFile.read(file), StandardCharsets.UTF_8);
    if (text.stripLeading().startsWith("{")) {
      return ofJwks(text);
    }
    JsonWebKey key =
        JsonWebKey.Factory.newJwk(
            text.contains("BEGIN CERTIFICATE")
                ? PemFiles.certificates(file)[0].getPublicKey()
                : PemFiles.publicKey(file));
    return new PublicKeys(List.of(key), null);
  }

  /**
   * Those of a JWKS. A key that is malformed, or of a kind that signs no token, leaves the others
   * in use, as RFC 7517 (5) has it; a set with no key that can be used, or too many, is refused.
   */
  public static PublicKeys ofJwks(String text) throws JoseException {
    if (!(JsonUtil.parseJson(text).get("keys") instanceof List<?> all)) {
      throw new JoseException("it is no JWKS: there is no list of keys");
    }
    if (all.size() > MAX_KEYS) {
      throw new JoseException("the JWKS has more than " + MAX_KEYS + " keys");
    }
    List<JsonWebKey> found = new ArrayList<>();
    String why = null;
    for (Object each : all) {
      try {
        found.add(key(each));
      } catch (JoseException | RuntimeException e) {
        why = why == null ? ReloadRecord.reason(e) : why;
      }
    }
    String ignored =
        (all.size() - found.size())
            + " of "
            + all.size()
            + " keys are ignored, the first as "
            + why;
    if (found.isEmpty()) {
      throw new JoseException(
          all.isEmpty() ? "there is no key in the JWKS" : "no key can be used: " + ignored);
    }
    return new PublicKeys(found, why == null ? null : ignored);
  }

  @SuppressWarnings("unchecked")
  private static JsonWebKey key(Object each) throws JoseException {
    if (!(each instanceof Map<?, ?> parameters)) {
      throw new JoseException("it is no JSON object");
    }
    JsonWebKey key = JsonWebKey.Factory.newJwk((Map<String, Object>) parameters);
    if (!(key instanceof PublicJsonWebKey)) {
      throw new JoseException("it is no public key but of type " + key.getKeyType());
    }
    return key;
  }
}
