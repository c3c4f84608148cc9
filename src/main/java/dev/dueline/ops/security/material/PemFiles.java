package dev.dueline.ops.security.material;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads certificates and keys in PEM. Messages name the file and what it must have. */
public final class PemFiles {
  private static final List<String> KINDS = List.of("RSA", "EC", "Ed25519");
  private static final byte[] PROOF = "dueline".getBytes(StandardCharsets.US_ASCII);

  private PemFiles() {}

  /** At least one certificate. */
  public static X509Certificate[] certificates(Path file)
      throws IOException, GeneralSecurityException {
    try {
      X509Certificate[] found =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(SmallFile.read(file)))
              .toArray(new X509Certificate[0]);
      if (found.length > 0) {
        return found;
      }
    } catch (CertificateException e) {
      throw new CertificateException(file + " has a certificate that cannot be read", e);
    }
    throw new CertificateException(file + " has no certificate: BEGIN CERTIFICATE");
  }

  /** A private key in PKCS #8. */
  public static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
    byte[] der = block(file, "PRIVATE KEY", "a private key in PKCS#8");
    for (String kind : KINDS) {
      try {
        return KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(der));
      } catch (InvalidKeySpecException e) {
        // Of another kind.
        continue;
      }
    }
    throw new InvalidKeySpecException(file + " has a private key that is not RSA, EC or Ed25519");
  }

  /** A public key as X.509 has it. */
  public static PublicKey publicKey(Path file) throws IOException, GeneralSecurityException {
    byte[] der = block(file, "PUBLIC KEY", "a public key");
    for (String kind : KINDS) {
      try {
        return KeyFactory.getInstance(kind).generatePublic(new X509EncodedKeySpec(der));
      } catch (InvalidKeySpecException e) {
        // Of another kind.
        continue;
      }
    }
    throw new InvalidKeySpecException(file + " has a public key that is not RSA, EC or Ed25519");
  }

  /** Fails if a key is not that of a certificate, as while its files are being replaced. */
  public static void requireMatch(PrivateKey key, X509Certificate certificate)
      throws GeneralSecurityException {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> "Ed25519";
        };
    Signature signing = Signature.getInstance(algorithm);
    signing.initSign(key);
    signing.update(PROOF);
    byte[] signature = signing.sign();
    boolean isMatch = false;
    if (certificate.getPublicKey().getAlgorithm().equals(key.getAlgorithm())) {
      Signature check = Signature.getInstance(algorithm);
      check.initVerify(certificate.getPublicKey());
      check.update(PROOF);
      isMatch = check.verify(signature);
    }
    if (!isMatch) {
      throw new GeneralSecurityException("the key is not that of the certificate");
    }
  }

  private static byte[] block(Path file, String label, String what)
      throws IOException, GeneralSecurityException {
    String text = new String(SmallFile.read(file), StandardCharsets.ISO_8859_1);
    Matcher matcher =
        Pattern.compile("-----BEGIN " + label + "-----([^-]+)-----END " + label + "-----")
            .matcher(text);
    if (!matcher.find()) {
      throw new InvalidKeySpecException(file + " does not have " + what + ": BEGIN " + label);
    }
    try {
      return Base64.getMimeDecoder().decode(matcher.group(1));
    } catch (IllegalArgumentException e) {
      throw new InvalidKeySpecException(file + " is not PEM", e);
    }
  }
}
