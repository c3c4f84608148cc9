package dev.dueline.ops.health;

import dev.dueline.ops.security.Security;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Not ready while no key of JSON Web Tokens was read yet: each of them would be refused. */
@Singleton
@Readiness
final class KeysHealth implements HealthCheck {
  private final Security security;

  KeysHealth(Security security) {
    this.security = security;
  }

  @Override
  public HealthCheckResponse call() {
    HealthCheckResponseBuilder response = HealthCheckResponse.named("tokens can be checked");
    return security
        .missingKeys()
        .map(why -> response.down().withData("dueline.security.jwt.keys", why).build())
        .orElseGet(() -> response.up().build());
  }
}
