package dev.dueline.cli.remote;

import dev.dueline.cli.text.UsageException;
import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** How to be sure of the service, and the service of the caller. */
public final class SecurityOptions {
  @Option(
      names = "--tls",
      scope = ScopeType.INHERIT,
      defaultValue = "${env:DUELINE_TLS:-false}",
      description = "Connect by TLS; so do --ca and --cert (env DUELINE_TLS=true).")
  private boolean tls;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      defaultValue = "${env:DUELINE_CA:-}",
      description = "Trust these authorities, PEM, not those of Java (env DUELINE_CA).")
  private String ca = "";

  @Option(
      names = "--cert",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      defaultValue = "${env:DUELINE_CERT:-}",
      description = "Show this certificate, PEM (env DUELINE_CERT).")
  private String certificate = "";

  @Option(
      names = "--key",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      defaultValue = "${env:DUELINE_KEY:-}",
      description = "The key of --cert, PEM, PKCS#8 (env DUELINE_KEY).")
  private String key = "";

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      scope = ScopeType.INHERIT,
      description = "Send this token; others see it in the list of processes (env DUELINE_TOKEN).")
  private @Nullable String token;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "Send the token in this file.")
  private @Nullable Path tokenFile;

  /** Sets a channel up by the options; fails with {@link UsageException}. */
  void apply(NettyChannelBuilder channel) {
    boolean isEncrypted = tls || !ca.isEmpty() || !certificate.isEmpty() || !key.isEmpty();
    if (isEncrypted) {
      secure(channel);
    } else {
      channel.usePlaintext();
    }
    String bearer = token();
    if (!bearer.isEmpty()) {
      channel.intercept(authorization(bearer));
    }
  }

  private void secure(NettyChannelBuilder channel) {
    if (certificate.isEmpty() != key.isEmpty()) {
      throw new UsageException("--cert and --key go together");
    }
    SslContextBuilder builder = SslContextBuilder.forClient();
    try {
      if (!ca.isEmpty()) {
        builder.trustManager(Path.of(ca).toFile());
      }
      if (!certificate.isEmpty()) {
        builder.keyManager(Path.of(certificate).toFile(), Path.of(key).toFile());
      }
      channel.sslContext(GrpcSslContexts.configure(builder, SslProvider.JDK).build());
    } catch (SSLException | IllegalArgumentException e) {
      throw new UsageException("--ca, --cert or --key cannot be used: " + e.getMessage());
    }
  }

  private String token() {
    if (token != null) {
      return token.strip();
    }
    if (tokenFile != null) {
      try {
        return Files.readString(tokenFile).strip();
      } catch (IOException e) {
        throw new UsageException("--token-file " + tokenFile + " cannot be read");
      }
    }
    String inherited = System.getenv("DUELINE_TOKEN");
    return inherited == null ? "" : inherited.strip();
  }

  private static ClientInterceptor authorization(String bearer) {
    if (!bearer.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
      throw new UsageException("the token has characters that no token has");
    }
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + bearer);
    return MetadataUtils.newAttachHeadersInterceptor(headers);
  }
}
