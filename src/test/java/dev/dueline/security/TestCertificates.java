package dev.dueline.security;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** An authority of a test and certificates by it, made by the JDK's keytool. */
final class TestCertificates {
  private static final String PASSWORD = "a-test";

  private final Path directory;

  TestCertificates(Path directory) throws Exception {
    this.directory = directory;
    keytool(
        "-genkeypair", "-alias", "ca", "-dname", "CN=ca", "-keyalg", "EC", "-ext", "bc=ca:true");
    keytool("-exportcert", "-alias", "ca", "-rfc", "-file", authority().toString());
  }

  Path authority() {
    return directory.resolve("ca.pem");
  }

  Path certificate(String name) {
    return directory.resolve(name + ".pem");
  }

  Path key(String name) {
    return directory.resolve(name + ".key");
  }

  /** Makes a certificate of localhost with that common name, and its key. */
  void issue(String name) throws Exception {
    keytool("-genkeypair", "-alias", name, "-dname", "CN=" + name, "-keyalg", "EC");
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
        "san=dns:localhost,ip:127.0.0.1");
    Files.writeString(key(name), Pem.privateKey(directory.resolve("store.p12"), PASSWORD, name));
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
