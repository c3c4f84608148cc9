package dev.dueline.ops.security;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who may do what. */
@ConfigMapping(prefix = "dueline.security")
public interface SecurityConfig {
  /** Whether anybody may do anything, also where the network can reach the service. */
  @WithDefault("false")
  boolean insecure();

  /** By name. */
  Map<String, PrincipalConfig> principals();

  /** JSON Web Tokens. */
  JwtConfig jwt();

  /** One that is known here. */
  interface PrincipalConfig {
    /** SHA-256 of its tokens, in hex. */
    Optional<List<String>> tokenSha256();

    /** Names in its client certificates: uri:, dns: or cn: and the name. */
    Optional<List<String>> certificates();

    /** Queues in which it may schedule. */
    Optional<List<String>> schedule();

    /** Queues that it may watch. */
    Optional<List<String>> watch();

    /** Queues that it may read. */
    Optional<List<String>> read();

    /** Queues of whose jobs it may see in the console what they carry. */
    Optional<List<String>> payloads();

    /** Queues that it may operate, and so read. */
    Optional<List<String>> operate();

    /** Most watchers at one replica. */
    Optional<Integer> watchers();

    /** Most calls a second at one replica. */
    Optional<Integer> callsPerSecond();
  }

  /** Whose tokens hold. */
  interface JwtConfig {
    /** As the claim iss has it. */
    Optional<String> issuer();

    /** That the claim aud must have. */
    Optional<String> audience();

    /** Where the keys are: a file, PEM or JWKS, or an https URL of a JWKS. */
    Optional<String> keys();

    /** Of an https URL: a PEM file with the authorities that its certificate is verified with. */
    Optional<String> keysCa();

    /** How often the keys are looked at. */
    @WithDefault("1m")
    Duration reloadInterval();

    /** The claim with the principal's name. */
    @WithDefault("sub")
    String principalClaim();

    /** The claim with its permissions: an object of lists of queue patterns. */
    @WithDefault("dueline")
    String permissionsClaim();
  }
}
