package dev.dueline.grpc;

import dev.dueline.grpc.message.RequestLimits;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;

/** Limits as configuration makes them. */
public final class TestLimits {
  public static final RequestLimits DEFAULTS = with(Map.of());

  private TestLimits() {}

  public static RequestLimits with(Map<String, String> properties) {
    return new SmallRyeConfigBuilder()
        .withConverter(Duration.class, 200, new DurationConverter())
        .withSources(new PropertiesConfigSource(properties, "test", 500))
        .withMapping(RequestLimits.class)
        .build()
        .getConfigMapping(RequestLimits.class);
  }
}
