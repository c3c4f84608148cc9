package dev.dueline.ops.security;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import org.jboss.logging.Logger;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.lang.JoseException;

/** The public keys that tokens are signed with: of a file, or of an https address. */
final class JwtKeys {
  private static final Logger LOG = Logger.getLogger("dev.dueline");
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int MAX_BYTES = 1 << 20;

  private final String source;
  private volatile List<JsonWebKey> keys = List.of();
  private boolean isFailing;

  private JwtKeys(String source) {
    this.source = source;
  }

  /** A file must be there; an address that does not answer is asked again. */
  static JwtKeys of(String source) {
    JwtKeys keys = new JwtKeys(source);
    if (keys.isRemote()) {
      keys.requireSafe();
      var unused = keys.look();
    } else {
      try {
        keys.keys = keys.read();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      } catch (IOException | GeneralSecurityException | JoseException e) {
        throw new UnsafeSettingException(
            "dueline.security.jwt.keys: "
                + e.getMessage()
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
      List<JsonWebKey> found = read();
      boolean isOther = !describe(found).equals(describe(keys));
      keys = found;
      if (isFailing) {
        LOG.info("The keys of JSON Web Tokens can be read again");
        isFailing = false;
      }
      return isOther;
    } catch (IOException | GeneralSecurityException | JoseException | RuntimeException e) {
      if (!isFailing) {
        LOG.errorf(
            "The keys of JSON Web Tokens at %s cannot be read, the old ones hold: %s",
            source, e.getMessage());
        isFailing = true;
      }
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
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

  private List<JsonWebKey> read()
      throws IOException, GeneralSecurityException, JoseException, InterruptedException {
    if (isRemote()) {
      return parse(fetch());
    }
    Path file = Path.of(source);
    String text = Files.readString(file);
    if (text.stripLeading().startsWith("{")) {
      return parse(text);
    }
    return List.of(
        JsonWebKey.Factory.newJwk(
            text.contains("BEGIN CERTIFICATE")
                ? PemFiles.certificates(file)[0].getPublicKey()
                : PemFiles.publicKey(file)));
  }

  private static List<JsonWebKey> parse(String text) throws JoseException {
    List<JsonWebKey> found = new JsonWebKeySet(text).getJsonWebKeys();
    if (found.isEmpty()) {
      throw new JoseException("there is no key in the JWKS");
    }
    return List.copyOf(found);
  }

  private String fetch() throws IOException, InterruptedException {
    HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    HttpRequest request = HttpRequest.newBuilder(URI.create(source)).timeout(PATIENCE).build();
    HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200 || answer.body().length() > MAX_BYTES) {
      throw new IOException("it answered with status " + answer.statusCode());
    }
    return answer.body();
  }
}
