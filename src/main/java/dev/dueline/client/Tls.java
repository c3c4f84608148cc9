package dev.dueline.client;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Whom a client trusts, and the certificate that it shows. */
public final class Tls {
  private final SslContext context;

  private Tls(SslContext context) {
    this.context = context;
  }

  /**
   * Reads PEM files.
   *
   * @param authorities whose certificates to trust; null: those of Java
   * @param certificate to show to the service; null: none
   * @param key of the certificate, PKCS#8; null: none
   * @throws SSLException when they do not make a context
   * @throws IllegalArgumentException when one of them cannot be read
   */
  public static Tls load(@Nullable Path authorities, @Nullable Path certificate, @Nullable Path key)
      throws SSLException {
    SslContextBuilder builder = SslContextBuilder.forClient();
    if (authorities != null) {
      builder.trustManager(authorities.toFile());
    }
    if (certificate != null && key != null) {
      builder.keyManager(certificate.toFile(), key.toFile());
    }
    return new Tls(GrpcSslContexts.configure(builder, SslProvider.JDK).build());
  }

  SslContext context() {
    return context;
  }
}
