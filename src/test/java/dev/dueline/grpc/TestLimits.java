package dev.dueline.grpc;

import dev.dueline.grpc.message.Limits;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;

/** Limits as configuration makes them. */
public final class TestLimits {
  public static final Limits DEFAULTS = with(Map.of());

  private TestLimits() {}

  public static Limits with(Map<String, String> properties) {
    return new SmallRyeConfigBuilder()
        .withConverter(Duration.class, 200, new DurationConverter())
        .withSources(new PropertiesConfigSource(properties, "test", 500))
        .withMapping(Limits.class)
        .build()
        .getConfigMapping(Limits.class);
  }
}
