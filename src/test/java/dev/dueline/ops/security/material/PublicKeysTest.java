package dev.dueline.ops.security.material;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a JWKS is used. */
class PublicKeysTest {
  private static final String SECRET = "{\"kty\":\"oct\",\"k\":\"AAAA\"}";

  @Test
  void keysThatCannotBeUsedLeaveTheOthersAndAreTold() throws Exception {
    String good = key("good");
    PublicKeys found =
        PublicKeys.ofJwks(
            set(List.of("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"!\"}", good, SECRET, "7")));
    assertThat(found.keys()).extracting(JsonWebKey::getKeyId).containsExactly("good");
    assertThat(found.ignored()).contains("3 of 4 keys are ignored");
    assertThat(PublicKeys.ofJwks(set(List.of(good))).ignored()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{}", "[]", "{\"keys\":{}}", "{\"keys\":[]}", "{\"keys\":[" + SECRET + "]}"})
  void aSetWithoutAKeyIsRefused(String text) {
    assertThatThrownBy(() -> PublicKeys.ofJwks(text)).isInstanceOf(JoseException.class);
  }

  @Test
  void aSetWithTooManyKeysIsRefused() throws Exception {
    String all = set(Collections.nCopies(PublicKeys.MAX_KEYS + 1, key("one")));
    assertThatThrownBy(() -> PublicKeys.ofJwks(all)).hasMessageContaining("more than 100 keys");
  }

  @Test
  void aFileThatIsTooLargeOrNoneIsRefused(@TempDir Path directory) throws Exception {
    Path large = directory.resolve("large");
    Files.write(large, new byte[SmallFile.MAX_BYTES + 1]);
    assertThatThrownBy(() -> PublicKeys.of(large)).hasMessageContaining("more than 1048576 bytes");
    assertThatThrownBy(() -> PublicKeys.of(Path.of("/dev/zero"))).hasMessageContaining("no file");
    assertThatThrownBy(() -> PublicKeys.of(directory.resolve("none")))
        .hasMessageContaining("none is not there");
  }

  private static String key(String id) throws JoseException {
    EllipticCurveJsonWebKey key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
    key.setKeyId(id);
    return key.toJson(OutputControlLevel.PUBLIC_ONLY);
  }

  private static String set(List<String> keys) {
    return "{\"keys\":" + keys + "}";
  }
}
