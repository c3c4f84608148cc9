package dev.dueline.ops.security;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** TLS of the gRPC server. */
@ConfigMapping(prefix = "dueline.tls")
public interface TlsConfig {
  /** The certificate and those that lead to its authority, PEM. */
  Optional<Path> certificate();

  /** Its key, PEM, PKCS#8. */
  Optional<Path> key();

  /** The authorities of client certificates, PEM. */
  Optional<Path> clientCa();

  /** Whether a client must have a certificate, once there is a client-ca. */
  @WithDefault("required")
  ClientAuth clientAuth();

  /** How often the files are looked at. */
  @WithDefault("30s")
  Duration reloadInterval();

  /** Whether clients show certificates. */
  enum ClientAuth {
    /** A connection without one is refused. */
    REQUIRED,
    /** A connection without one may bring tokens. */
    OPTIONAL
  }
}
