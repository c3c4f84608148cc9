package dev.dueline.console.view;

import java.util.List;

/** The page {@code settings.html}: what is in force, without secrets. */
public record SettingsView(List<Setting> settings) {
  /**
   * A setting.
   *
   * @param source where its value comes from; empty: the default
   */
  public record Setting(String name, String value, String source) {}
}
