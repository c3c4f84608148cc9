package dev.dueline.ops.security;

import dev.dueline.ops.security.material.FileContents;
import dev.dueline.ops.security.material.PemFiles;
import dev.dueline.ops.security.material.ReloadRecord;
import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
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
  private final ReplaceableTls webContext;
  private final ReloadRecord record;

  private ServerTls(Path certificate, Path key, TlsConfig config, ReloadRecord record) {
    this.record = record;
    this.certificate = certificate;
    this.key = key;
    this.config = config;
    List<Path> files = new ArrayList<>(List.of(certificate, key));
    config.clientCa().ifPresent(files::add);
    // Before they are read: a change in between is then seen the next time.
    this.contents = new FileContents(files);
    try {
      Material read = read();
      this.context = new ReplaceableTls(read.forGrpc());
      this.webContext = new ReplaceableTls(read.forWeb());
    } catch (IOException | GeneralSecurityException e) {
      throw new UnsafeSettingException(
          "TLS cannot be set up: "
              + ReloadRecord.reason(e)
              + ". Set dueline.tls.certificate and dueline.tls.key, and dueline.tls.client-ca where"
              + " clients have certificates, to PEM files that this process may read.");
    }
  }

  /** Reads the files; fails with a message for people. */
  static ServerTls read(TlsConfig config, ReloadRecord record) {
    if (config.certificate().isEmpty() || config.key().isEmpty()) {
      throw new UnsafeSettingException(
          "TLS needs both dueline.tls.certificate and dueline.tls.key: set both, or none and no"
              + " dueline.tls.client-ca");
    }
    return new ServerTls(config.certificate().get(), config.key().get(), config, record);
  }

  /** For the gRPC server; stays the same object. */
  SslContext context() {
    return context;
  }

  /** For a server that speaks HTTP/1.1; stays the same object. */
  SslContext webContext() {
    return webContext;
  }

  /** Takes the files up if they have changed; what cannot be used is tried again, and left. */
  void look() {
    if (!contents.haveChanged() && !record.isFailing()) {
      return;
    }
    try {
      Material read = read();
      SslContext forGrpc = read.forGrpc();
      webContext.replace(read.forWeb());
      context.replace(forGrpc);
      LOG.info("The TLS certificate was replaced: new connections get it");
      record.succeeded(null);
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      record.failed(e, ReloadRecord.OLD_HOLD);
    }
  }

  private Material read() throws IOException, GeneralSecurityException {
    X509Certificate[] chain = PemFiles.certificates(certificate);
    PrivateKey own = PemFiles.privateKey(key);
    PemFiles.requireMatch(own, chain[0]);
    X509Certificate[] authorities =
        config.clientCa().isPresent()
            ? PemFiles.certificates(config.clientCa().get())
            : new X509Certificate[0];
    boolean isRequired = config.clientAuth() == TlsConfig.ClientAuth.REQUIRED;
    return new Material(
        own,
        List.of(chain),
        List.of(authorities),
        isRequired ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL);
  }

  /** What the files say; nobody's certificate is asked for where there are no authorities. */
  private record Material(
      PrivateKey key,
      List<X509Certificate> chain,
      List<X509Certificate> authorities,
      ClientAuth clientAuth) {

    SslContext forGrpc() throws IOException {
      return completed(GrpcSslContexts.configure(forServer(), SslProvider.JDK)).build();
    }

    SslContext forWeb() throws IOException {
      return completed(forServer().sslProvider(SslProvider.JDK)).build();
    }

    private SslContextBuilder forServer() {
      return SslContextBuilder.forServer(key, chain);
    }

    private SslContextBuilder completed(SslContextBuilder begun) {
      if (!authorities.isEmpty()) {
        begun.trustManager(authorities).clientAuth(clientAuth);
      }
      return begun.protocols("TLSv1.3", "TLSv1.2");
    }
  }
}
