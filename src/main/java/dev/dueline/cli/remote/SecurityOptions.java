package dev.dueline.cli.remote;

import dev.dueline.cli.text.UsageException;
import dev.dueline.client.ConnectionSettings;
import dev.dueline.client.ServerAddress;
import dev.dueline.client.Tls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
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

  /** Settings for a service; fails with {@link UsageException}. */
  ConnectionSettings settings(ServerAddress server, Duration timeout) {
    Optional<Tls> security = tls();
    String bearer = token();
    try {
      return new ConnectionSettings(server, timeout, security, bearer);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private Optional<Tls> tls() {
    if (!tls && ca.isEmpty() && certificate.isEmpty() && key.isEmpty()) {
      return Optional.empty();
    }
    if (certificate.isEmpty() != key.isEmpty()) {
      throw new UsageException("--cert and --key go together");
    }
    try {
      return Optional.of(Tls.load(file(ca), file(certificate), file(key)));
    } catch (SSLException | IllegalArgumentException e) {
      throw new UsageException(
          "--ca, --cert or --key cannot be used: "
              + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()));
    }
  }

  private static @Nullable Path file(String name) {
    return name.isEmpty() ? null : Path.of(name);
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
}
