package dev.dueline.system.security.callers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;

/** An authority of a test and certificates by it, made by the JDK's keytool. */
public final class TestCertificates {
  private static final String PASSWORD = "a-test";

  private final Path directory;

  /** Makes an authority, with its files in a directory. */
  public TestCertificates(Path directory) throws Exception {
    this.directory = directory;
    keytool(
        "-genkeypair", "-alias", "ca", "-dname", "CN=ca", "-keyalg", "EC", "-ext", "bc=ca:true");
    keytool("-exportcert", "-alias", "ca", "-rfc", "-file", authority().toString());
  }

  /** Its certificate. */
  public Path authority() {
    return directory.resolve("ca.pem");
  }

  /** The certificate of a name. */
  public Path certificate(String name) {
    return directory.resolve(name + ".pem");
  }

  /** Its key. */
  public Path key(String name) {
    return directory.resolve(name + ".key");
  }

  /** Makes a certificate of localhost with that common name, and its key. */
  public void issue(String name) throws Exception {
    issue(name, "CN=" + name, "dns:localhost,ip:127.0.0.1");
  }

  /**
   * Makes a certificate and its key.
   *
   * @param name of its files
   * @param subject its distinguished name
   * @param alternatives its subject alternative names, as keytool has them
   */
  void issue(String name, String subject, String alternatives) throws Exception {
    keytool("-genkeypair", "-alias", name, "-dname", subject, "-keyalg", "EC");
    Path request = directory.resolve(name + ".csr");
    keytool("-certreq", "-alias", name, "-file", request.toString());
    keytool(
        "-gencert",
        "-alias",
        "ca",
        "-rfc",
        "-infile",
        request.toString(),
        "-outfile",
        certificate(name).toString(),
        "-ext",
        "san=" + alternatives);
    Files.writeString(key(name), Pem.privateKey(directory.resolve("store.p12"), PASSWORD, name));
  }

  /** The keys of all, and the authority among them, which makes it a store of what to trust. */
  Path store() {
    return directory.resolve("store.p12");
  }

  /** Of all keys. */
  public String password() {
    return PASSWORD;
  }

  /** A store with one key only, and the certificate by the authority. */
  public KeyStore chain(String name) throws Exception {
    KeyStore all = KeyStore.getInstance(store().toFile(), PASSWORD.toCharArray());
    KeyStore one = KeyStore.getInstance("PKCS12");
    one.load(null, null);
    Certificate issued;
    try (InputStream in = Files.newInputStream(certificate(name))) {
      issued = CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
    one.setKeyEntry(
        name,
        all.getKey(name, PASSWORD.toCharArray()),
        PASSWORD.toCharArray(),
        new Certificate[] {issued, all.getCertificate("ca")});
    return one;
  }

  /** Puts others in the place of files, as whoever rotates them does. */
  static void replace(Path with, Path file) throws IOException {
    Path beside = file.resolveSibling(file.getFileName() + ".new");
    Files.copy(with, beside, StandardCopyOption.REPLACE_EXISTING);
    Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private void keytool(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-keystore", directory.resolve("store.p12").toString()));
    command.addAll(List.of("-storepass", PASSWORD, "-storetype", "PKCS12"));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(said);
    }
  }
}
