package dev.dueline.console.page;

import dev.dueline.console.http.Answer;
import dev.dueline.console.http.Endpoint;
import dev.dueline.console.http.RefusedException;
import dev.dueline.console.http.Request;
import dev.dueline.console.render.Pages;
import dev.dueline.console.render.Pages.Subject;
import dev.dueline.console.view.SettingsView;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.function.Supplier;

/** The settings in force. */
final class SettingsPage implements Endpoint {
  /** Those whose values are names of queues: for who may look at all. */
  private static final List<String> QUEUE_NAMES =
      List.of("dueline.metrics.queues", "dueline.queues.shards-by-name");

  private final Pages pages;
  private final Supplier<SettingsView> settings;

  /**
   * The page.
   *
   * @param settings those that are no secrets
   */
  SettingsPage(Pages pages, Supplier<SettingsView> settings) {
    this.pages = pages;
    this.settings = settings;
  }

  @Override
  public Uni<Answer> answer(Request request) {
    if (request.caller().visible().isEmpty()) {
      throw new RefusedException(
          403, "Settings are shown to those who may look at some queue.", "");
    }
    return pages.show(
        request,
        new Subject("settings", "Settings", "settings", ""),
        Uni.createFrom().item(() -> view(request)));
  }

  private SettingsView view(Request request) {
    SettingsView all = settings.get();
    return request.caller().visible().isAll()
        ? all
        : new SettingsView(
            all.settings().stream()
                .filter(setting -> QUEUE_NAMES.stream().noneMatch(setting.name()::startsWith))
                .toList());
  }
}
