package dev.dueline.system.abuse.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;

/** JSON Web Tokens by whoever knows all of an issuer but its private keys. */
public final class WebTokens {
  public static final String ISSUER = "https://issuer.example";
  public static final String AUDIENCE = "dueline";

  private static final int RSA_BITS = 2_048;
  private static final int EC_SIGNATURE_BYTES = 64;

  /** In 8 KiB of a token, which is in base 64. */
  private static final int DEPTH = 5_000;

  private static final int NESTED = 8;
  private static final String CLAIMS =
      "{\"iss\":\"" + ISSUER + "\",\"aud\":\"" + AUDIENCE + "\",\"sub\":\"a\",\"exp\":4102444800}";

  private WebTokens() {}

  /** Public keys as a JWKS: "rsa" and "ec". */
  public static String keys() {
    try {
      RsaJsonWebKey rsa = RsaJwkGenerator.generateJwk(RSA_BITS);
      rsa.setKeyId("rsa");
      JsonWebKey ec = EcJwkGenerator.generateJwk(EllipticCurves.P256);
      ec.setKeyId("ec");
      return new JsonWebKeySet(rsa, ec).toJson();
    } catch (JoseException e) {
      throw new IllegalStateException(e);
    }
  }

  /** One that is right but for its signature, which is another for each number. */
  public static String forged(long number) {
    return forged(number, CLAIMS);
  }

  /** The same with as many characters. */
  public static String forged(long number, int length) {
    String empty = padded("");
    int bare = forged(number, empty).length();
    return forged(number, padded("p".repeat(Math.max(0, (length - bare) * 3 / 4))));
  }

  private static String padded(String padding) {
    return CLAIMS.replace("}", ",\"padding\":\"" + padding + "\"}");
  }

  private static String forged(long number, String claims) {
    boolean isRsa = number % 2 == 0;
    byte[] signature = new byte[isRsa ? RSA_BITS / 8 : EC_SIGNATURE_BYTES];
    new SplittableRandom(number).nextBytes(signature);
    // Less than the modulus, or it would not be looked at.
    signature[0] = 0;
    return token(isRsa ? header("RS256", "rsa") : header("ES256", "ec"), claims, signature);
  }

  /** Those that a parser could take badly. */
  public static List<String> malformed() {
    byte[] zeros = new byte[EC_SIGNATURE_BYTES];
    String nested = token(header("ES256", "ec"), CLAIMS, zeros);
    for (int i = 0; i < NESTED; i++) {
      nested = token("{\"alg\":\"ES256\",\"kid\":\"ec\",\"cty\":\"JWT\"}", nested, zeros);
    }
    return List.of(
        nested,
        token(header("ES256", "ec"), CLAIMS, zeros),
        token(header("ES256", "rsa"), CLAIMS, zeros),
        token(header("HS256", "rsa"), CLAIMS, zeros),
        token(header("none", "rsa"), CLAIMS, new byte[0]),
        token("{\"alg\":7,\"kid\":{}}", CLAIMS, zeros),
        token("[]", CLAIMS, zeros),
        token("[".repeat(DEPTH), CLAIMS, zeros),
        token("{\"a\":".repeat(DEPTH / 5), CLAIMS, zeros),
        token("{\"alg\":\"ES256\",\"kid\":\"ec\",\"b64\":false,\"crit\":[\"b64\"]}", "", zeros),
        token(header("ES256", "ec"), "[".repeat(DEPTH), zeros),
        token(header("ES256", "ec"), "[".repeat(DEPTH / 2) + "]".repeat(DEPTH / 2), zeros),
        token(header("ES256", "ec"), "{\"exp\":" + "9".repeat(DEPTH) + "}", zeros),
        token(header("ES256", "ec"), "{\"exp\":1e" + "9".repeat(9) + "}", zeros),
        token(header("ES256", "ec"), "\u00ff\u00fe\u0000", zeros),
        token(header("ES256", "ec"), CLAIMS, new byte[DEPTH]),
        encrypted("{\"alg\":\"dir\",\"enc\":\"A128GCM\",\"zip\":\"DEF\"}"),
        encrypted("{\"alg\":\"RSA-OAEP\",\"enc\":\"A128GCM\",\"kid\":\"rsa\"}"),
        encrypted(
            "{\"alg\":\"PBES2-HS512+A256KW\",\"enc\":\"A128GCM\",\"p2c\":2147483647,"
                + "\"p2s\":\"AAAAAAAAAAA\"}"),
        ".".repeat(DEPTH),
        "e30.e30.",
        "%.%.%");
  }

  private static String encrypted(String header) {
    String part = base64(new byte[32]);
    return base64(header.getBytes(UTF_8)) + ("." + part).repeat(4);
  }

  private static String header(String algorithm, String key) {
    return "{\"alg\":\"" + algorithm + "\",\"kid\":\"" + key + "\"}";
  }

  private static String token(String header, String claims, byte[] signature) {
    return base64(header.getBytes(UTF_8))
        + "."
        + base64(claims.getBytes(ISO_8859_1))
        + "."
        + base64(signature);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
