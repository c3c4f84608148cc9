package dev.dueline.ops.security;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/** TLS by the files that the configuration names, looked at again and again. */
final class ServerTls {
  private static final Logger LOG = Logger.getLogger("dev.dueline");

  private final Path certificate;
  private final Path key;
  private final TlsConfig config;
  private final FileContents contents;
  private final ReplaceableTls context;

  private ServerTls(Path certificate, Path key, TlsConfig config) {
    this.certificate = certificate;
    this.key = key;
    this.config = config;
    List<Path> files = new ArrayList<>(List.of(certificate, key));
    config.clientCa().ifPresent(files::add);
    // Before they are read: a change in between is then seen the next time.
    this.contents = new FileContents(files);
    try {
      this.context = new ReplaceableTls(read());
    } catch (IOException | GeneralSecurityException e) {
      throw new UnsafeSettingException(
          "TLS cannot be set up: "
              + why(e)
              + ". Set dueline.tls.certificate and dueline.tls.key, and dueline.tls.client-ca where"
              + " clients have certificates, to PEM files that this process may read.");
    }
  }

  /** Reads the files; fails with a message for people. */
  static ServerTls read(TlsConfig config) {
    if (config.certificate().isEmpty() || config.key().isEmpty()) {
      throw new UnsafeSettingException(
          "TLS needs both dueline.tls.certificate and dueline.tls.key: set both, or none and no"
              + " dueline.tls.client-ca");
    }
    return new ServerTls(config.certificate().get(), config.key().get(), config);
  }

  /** For the server; stays the same object. */
  SslContext context() {
    return context;
  }

  /** Takes the files up if they have changed; what cannot be used is logged, and left. */
  void look() {
    if (!contents.haveChanged()) {
      return;
    }
    try {
      context.replace(read());
      LOG.info("The TLS certificate was replaced: new connections get it");
    } catch (IOException | GeneralSecurityException e) {
      LOG.errorf("The TLS files have changed and cannot be used, the old ones hold: %s", why(e));
    }
  }

  private SslContext read() throws IOException, GeneralSecurityException {
    X509Certificate[] chain = PemFiles.certificates(certificate);
    PrivateKey own = PemFiles.privateKey(key);
    PemFiles.requireMatch(own, chain[0]);
    SslContextBuilder builder = SslContextBuilder.forServer(own, chain);
    if (config.clientCa().isPresent()) {
      boolean isRequired = config.clientAuth() == TlsConfig.ClientAuth.REQUIRED;
      builder
          .trustManager(PemFiles.certificates(config.clientCa().get()))
          .clientAuth(isRequired ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL);
    }
    return GrpcSslContexts.configure(builder, SslProvider.JDK)
        .protocols("TLSv1.3", "TLSv1.2")
        .build();
  }

  private static String why(Exception thrown) {
    return thrown instanceof NoSuchFileException missing
        ? missing.getFile() + " is not there"
        : String.valueOf(thrown.getMessage());
  }
}
