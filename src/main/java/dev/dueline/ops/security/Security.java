package dev.dueline.ops.security;

import dev.dueline.access.Authenticator;
import dev.dueline.access.Credentials;
import dev.dueline.access.Principal;
import dev.dueline.ops.dev.DevMode;
import dev.dueline.ops.security.SecurityConfig.JwtConfig;
import dev.dueline.ops.security.material.ReloadRecord;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.ssl.SslContext;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Who is let in, by the configuration; refuses to be made where that is a mistake. */
@Singleton
public final class Security implements Authenticator {
  private static final Logger LOG = Logger.getLogger("dev.dueline");

  /** After an attempt to read keys where there are none: no token of theirs is let in meanwhile. */
  private static final Duration FIRST_KEYS = Duration.ofSeconds(2);

  private final boolean isOpen;
  private final boolean isInsecure;
  private final KnownPrincipals known;
  private final @Nullable JwtAuthenticator jwt;
  private final @Nullable ServerTls tls;
  private final Duration tlsInterval;
  private final Duration jwtInterval;

  /** A thread each: a fetch of keys that takes its time holds no certificate up. */
  private final ScheduledExecutorService certificates =
      Executors.newSingleThreadScheduledExecutor(named("dueline-certificates"));

  private final ScheduledExecutorService jwtKeys =
      Executors.newSingleThreadScheduledExecutor(named("dueline-jwt-keys"));

  Security(
      SecurityConfig config,
      TlsConfig tlsConfig,
      ConnectionConfig limits,
      MeterRegistry registry,
      @ConfigProperty(name = "quarkus.grpc.server.host") String host) {
    ReloadRecord tlsRecord = ReloadRecord.of("The TLS files", "certificates", registry);
    ReloadRecord jwtRecord = ReloadRecord.of("The keys of JSON Web Tokens", "jwt-keys", registry);
    this.known = new KnownPrincipals(config, limits);
    boolean hasTls =
        tlsConfig.certificate().isPresent()
            || tlsConfig.key().isPresent()
            || tlsConfig.clientCa().isPresent();
    this.tls = hasTls ? ServerTls.read(tlsConfig, tlsRecord) : null;
    this.jwt = jwt(config.jwt(), known, limits, jwtRecord);
    boolean isAnybodyKnown = !known.isEmpty() || jwt != null;
    this.isOpen = !isAnybodyKnown;
    this.isInsecure = config.insecure();
    check(config, tlsConfig, host);
    this.tlsInterval = tlsConfig.reloadInterval();
    this.jwtInterval = config.jwt().reloadInterval();
  }

  /** From now on what may change is looked at. */
  void begin() {
    if (tls != null) {
      every(certificates, tlsInterval, tls::look);
    }
    if (jwt != null) {
      lookAtKeys(jwt);
    }
  }

  /** Why no JSON Web Token can be checked yet; empty: they can, or there are none. */
  public Optional<String> missingKeys() {
    return jwt == null ? Optional.empty() : jwt.missingKeys();
  }

  /** Whether nobody is asked who they are. */
  public boolean isOpen() {
    return isOpen;
  }

  /** 32 bytes that all replicas of the same configuration have, where principals have tokens. */
  public byte[] consoleSecret() {
    return known.digest();
  }

  /**
   * Refuses to let a server be reached by the network while nobody can be told apart.
   *
   * @param what the server
   * @param setting that has its address
   * @param isEncrypted whether it speaks TLS itself
   */
  public void requireSafe(String what, String setting, String host, boolean isEncrypted) {
    if (isReachable(what, setting, host) && !isEncrypted) {
      LOG.warnf(
          "%s: what it shows and is sent goes over the network in the clear, unless something in"
              + " front of it encrypts",
          what);
    }
  }

  /** Whether the network reaches a server; refuses it where nobody can be told apart. */
  private boolean isReachable(String what, String setting, String host) {
    if (isLoopback(host)) {
      return false;
    }
    DevMode.refuse(setting + "=" + host + ", beyond this machine");
    if (isOpen && !isInsecure) {
      throw new UnsafeSettingException(
          what
              + " is to listen on "
              + host
              + ", where the network reaches it, and nobody can be told apart. Set"
              + " dueline.security.principals.\"NAME\".token-sha256 (or .certificates, or"
              + " dueline.security.jwt.*), as docs/security.md says; or "
              + setting
              + "=127.0.0.1; or dueline.security.insecure=true to let anybody do anything.");
    }
    return true;
  }

  /** TLS of the server, if it has any. */
  @Nullable ServerTls tls() {
    return tls;
  }

  /**
   * The same TLS for a server that speaks HTTP/1.1; it stays the same object when files are
   * replaced.
   *
   * @param setting that asks for it; refused where there is none
   */
  public SslContext webTls(String setting) {
    ServerTls found = tls;
    if (found == null) {
      throw new UnsafeSettingException(
          setting + " needs dueline.tls.certificate and dueline.tls.key: set them to PEM files");
    }
    return found.webContext();
  }

  @Override
  public Optional<Principal> authenticate(Credentials credentials) {
    if (isOpen) {
      return Optional.of(Principal.ANYBODY);
    }
    Optional<Principal> found = known.authenticate(credentials);
    return found.isEmpty() && jwt != null ? jwt.authenticate(credentials) : found;
  }

  @PreDestroy
  void stop() {
    certificates.shutdownNow();
    jwtKeys.shutdownNow();
  }

  private void check(SecurityConfig config, TlsConfig tlsConfig, String host) {
    if (known.haveCertificates() && tlsConfig.clientCa().isEmpty()) {
      throw new UnsafeSettingException(
          "Principals have certificates, but none can be verified: set dueline.tls.client-ca (and"
              + " dueline.tls.certificate and dueline.tls.key)");
    }
    if (config.insecure() && !isOpen) {
      throw new UnsafeSettingException(
          "dueline.security.insecure=true lets anybody do anything, and there are principals: set"
              + " one of them only");
    }
    if (!isOpen) {
      DevMode.refuse("principals (dueline.security.principals, dueline.security.jwt)");
    }
    boolean isReachable = isReachable("The gRPC server", "quarkus.grpc.server.host", host);
    if (isOpen && isReachable) {
      LOG.warnf(
          "dueline.security.insecure=true: anybody who reaches %s may do anything to any queue",
          host);
    }
    if (!isOpen && isReachable && tls == null) {
      LOG.warnf(
          "Tokens and jobs come to %s in the clear: set dueline.tls.certificate and"
              + " dueline.tls.key, unless something in front of it encrypts",
          host);
    }
  }

  private static @Nullable JwtAuthenticator jwt(
      JwtConfig config, KnownPrincipals known, ConnectionConfig limits, ReloadRecord record) {
    if (config.keys().isEmpty() && config.issuer().isEmpty() && config.audience().isEmpty()) {
      return null;
    }
    if (config.keys().isEmpty() || config.issuer().isEmpty() || config.audience().isEmpty()) {
      throw new UnsafeSettingException(
          "JSON Web Tokens need all of dueline.security.jwt.issuer, .audience and .keys");
    }
    JwtKeys keys = JwtKeys.of(config.keys().get(), config.keysCa().map(Path::of), record);
    return new JwtAuthenticator(config, known, limits, keys);
  }

  /** Whether this machine alone reaches an address. */
  public static boolean isLoopback(String host) {
    try {
      for (InetAddress address : InetAddress.getAllByName(host)) {
        if (!address.isLoopbackAddress()) {
          return false;
        }
      }
      return true;
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static void every(ScheduledExecutorService on, Duration interval, Runnable look) {
    long ms = ms(interval);
    var unused = on.scheduleWithFixedDelay(() -> safely(look), ms, ms, TimeUnit.MILLISECONDS);
  }

  /** Again and again, sooner where there are none. */
  private void lookAtKeys(JwtAuthenticator tokens) {
    boolean isSooner = tokens.missingKeys().isPresent() && FIRST_KEYS.compareTo(jwtInterval) < 0;
    var unused =
        jwtKeys.schedule(
            () -> {
              safely(tokens::look);
              lookAtKeys(tokens);
            },
            ms(isSooner ? FIRST_KEYS : jwtInterval),
            TimeUnit.MILLISECONDS);
  }

  private static void safely(Runnable look) {
    try {
      look.run();
    } catch (RuntimeException e) {
      LOG.error("Files of security could not be looked at", e);
    }
  }

  private static long ms(Duration interval) {
    return Math.max(1, interval.toMillis());
  }

  private static ThreadFactory named(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
