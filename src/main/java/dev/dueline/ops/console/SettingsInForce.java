package dev.dueline.ops.console;

import dev.dueline.console.view.SettingsView;
import dev.dueline.console.view.SettingsView.Setting;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.SmallRyeConfig;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.ConfigProvider;

/** The settings in force that are no secrets. */
final class SettingsInForce {
  /** Of those that are none of Dueline's own. */
  private static final List<String> OTHERS =
      List.of(
          "quarkus.grpc.server.host",
          "quarkus.grpc.server.port",
          "quarkus.grpc.server.max-inbound-message-size",
          "quarkus.management.host",
          "quarkus.management.port",
          "quarkus.otel.sdk.disabled",
          "quarkus.shutdown.delay");

  /** Who is known and by what, and whatever may be named so. */
  private static final Pattern SECRET =
      Pattern.compile(".*(principals|password|secret|token|sha256).*", Pattern.CASE_INSENSITIVE);

  /** A user and a password in a URL. */
  private static final Pattern USER_INFO = Pattern.compile("://[^/@]*@");

  private SettingsInForce() {}

  static SettingsView view() {
    SmallRyeConfig config = ConfigProvider.getConfig().unwrap(SmallRyeConfig.class);
    TreeSet<String> names = new TreeSet<>(OTHERS);
    for (String name : config.getPropertyNames()) {
      if (name.startsWith("dueline.") && !SECRET.matcher(name).matches()) {
        names.add(name);
      }
    }
    return new SettingsView(
        names.stream()
            .map(config::getConfigValue)
            .filter(value -> value.getValue() != null)
            .map(SettingsInForce::setting)
            .toList());
  }

  private static Setting setting(ConfigValue value) {
    String source = String.valueOf(value.getSourceName());
    return new Setting(
        value.getName(),
        USER_INFO.matcher(value.getValue()).replaceAll("://…@"),
        source.startsWith("DefaultValues") ? "" : source);
  }
}
