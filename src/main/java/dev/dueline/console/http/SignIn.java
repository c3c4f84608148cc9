package dev.dueline.console.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Puts the token of somebody who signed in into a cookie, sealed and with an end, so that replicas
 * that have the same key know them without keeping anything, a token that is taken out of the
 * configuration holds no longer, and a cookie that was found is no token of the API.
 *
 * <pre>
 *   cookie  base64url(version 1 | nonce 12 | AES-GCM(end in ms 8 | token))
 * </pre>
 */
final class SignIn {
  /** Longest token: a browser keeps cookies of up to 4,096 bytes. */
  static final int MAX_TOKEN_BYTES = 2_800;

  private static final int MAX_COOKIE_LENGTH = 4_000;
  private static final byte VERSION = 1;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final SecretKeySpec key;
  private final Duration length;
  private final SecureRandom random = new SecureRandom();

  /**
   * Cookies under a key.
   *
   * @param secret 32 bytes
   * @param length how long one holds
   */
  SignIn(byte[] secret, Duration length) {
    this.key = new SecretKeySpec(secret, "AES");
    this.length = length;
  }

  Duration length() {
    return length;
  }

  /** The value of a cookie for a token of up to {@link #MAX_TOKEN_BYTES}. */
  String seal(String token, long nowMs) {
    byte[] text = token.getBytes(StandardCharsets.UTF_8);
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] open =
        ByteBuffer.allocate(Long.BYTES + text.length)
            .putLong(nowMs + length.toMillis())
            .put(text)
            .array();
    byte[] sealed = apply(Cipher.ENCRYPT_MODE, nonce, open).orElseThrow();
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(
            ByteBuffer.allocate(1 + NONCE_BYTES + sealed.length)
                .put(VERSION)
                .put(nonce)
                .put(sealed)
                .array());
  }

  /** The token of a cookie; empty if it is none of this key, or over. */
  Optional<String> open(String cookie, long nowMs) {
    if (cookie.length() > MAX_COOKIE_LENGTH) {
      return Optional.empty();
    }
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(cookie);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    if (bytes.length <= 1 + NONCE_BYTES || bytes[0] != VERSION) {
      return Optional.empty();
    }
    byte[] nonce = Arrays.copyOfRange(bytes, 1, 1 + NONCE_BYTES);
    byte[] sealed = Arrays.copyOfRange(bytes, 1 + NONCE_BYTES, bytes.length);
    return apply(Cipher.DECRYPT_MODE, nonce, sealed)
        .filter(open -> open.length > Long.BYTES && ByteBuffer.wrap(open).getLong() > nowMs)
        .map(
            open -> new String(open, Long.BYTES, open.length - Long.BYTES, StandardCharsets.UTF_8));
  }

  /** Empty: what is to be opened was not sealed with this key. */
  private Optional<byte[]> apply(int mode, byte[] nonce, byte[] bytes) {
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
      return Optional.of(cipher.doFinal(bytes));
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }
}
