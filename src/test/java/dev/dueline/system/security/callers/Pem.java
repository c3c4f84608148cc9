package dev.dueline.system.security.callers;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.util.Base64;

/** Keys as files have them. */
final class Pem {
  private Pem() {}

  static String privateKey(Path store, String password, String alias) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, password.toCharArray());
    }
    return of("PRIVATE KEY", keys.getKey(alias, password.toCharArray()));
  }

  static String of(String label, Key key) {
    return "-----BEGIN %s-----%n%s%n-----END %s-----%n"
        .formatted(label, Base64.getMimeEncoder().encodeToString(key.getEncoded()), label);
  }
}
