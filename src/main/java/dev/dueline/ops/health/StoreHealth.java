package dev.dueline.ops.health;

import dev.dueline.store.redis.GroupHealth;
import dev.dueline.store.redis.RedisStore;
import dev.dueline.store.redis.failure.RedisFailures;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready means that jobs can flow: on each primary a script ran just now that may write. One that
 * fails is enough to say no, since its jobs stand still; the streams that are open stay open, and
 * the jobs of the other primaries go on.
 */
@Singleton
@Readiness
final class StoreHealth implements AsyncHealthCheck {
  /** Within the second that an orchestrator waits by default. */
  private static final Duration LIMIT = Duration.ofMillis(800);

  /** For one primary, so that the others are told of when one is silent. */
  private static final Duration LIMIT_OF_ONE = Duration.ofMillis(500);

  private final RedisStore store;
  private final StoreChecks checks;

  StoreHealth(RedisStore store, StoreChecks checks) {
    this.store = store;
    this.checks = checks;
  }

  @Override
  public Uni<HealthCheckResponse> call() {
    return store
        .health(LIMIT_OF_ONE)
        .map(this::response)
        .ifNoItem()
        .after(LIMIT)
        .recoverWithItem(() -> down("no answer"))
        .onFailure()
        .recoverWithItem(failure -> down(RedisFailures.reason(failure)));
  }

  private HealthCheckResponse response(List<GroupHealth> groups) {
    HealthCheckResponseBuilder response = named();
    Optional<String> missing = checks.missing();
    boolean isUp = missing.isEmpty() && !groups.isEmpty();
    for (GroupHealth group : groups) {
      isUp &= group.failure().isEmpty();
      response.withData(group.primary(), group.failure().or(group::refusal).orElse("jobs flow"));
    }
    missing.ifPresent(why -> response.withData("checks at start", why));
    return response.status(isUp).build();
  }

  private static HealthCheckResponse down(String why) {
    return named().down().withData("Redis", why).build();
  }

  private static HealthCheckResponseBuilder named() {
    return HealthCheckResponse.named("jobs flow");
  }
}
