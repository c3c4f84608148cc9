package dev.dueline.console.render;

import dev.dueline.console.http.Answer;
import dev.dueline.console.http.Caller;
import dev.dueline.console.http.FallbackPages;
import dev.dueline.console.http.RefusedException;
import dev.dueline.console.http.Request;
import dev.dueline.console.text.Moment;
import dev.dueline.console.text.Notice;
import dev.dueline.console.view.ErrorView;
import dev.dueline.console.view.Frame;
import dev.dueline.console.view.LoginView;
import io.smallrye.mutiny.Uni;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes pages of views, on a thread of their own, so that no event loop waits for a template. */
public final class Pages implements FallbackPages {
  private final Templates templates;
  private final Map<String, String> assets;
  private final Executor worker;
  private final InstantSource clock;

  /**
   * Pages.
   *
   * @param assets the URLs of static files by their names
   * @param worker where templates are rendered
   */
  public Pages(
      Templates templates, Map<String, String> assets, Executor worker, InstantSource clock) {
    this.templates = templates;
    this.assets = assets;
    this.worker = worker;
    this.clock = clock;
  }

  /**
   * What a page is about.
   *
   * @param template its name
   * @param title for people
   * @param section of the navigation; empty: none
   * @param queue empty: none
   */
  public record Subject(String template, String title, String section, String queue) {}

  /** What was found, to be made a view of where templates are rendered. */
  public <T> Uni<T> onWorker(Uni<T> found) {
    return found.emitOn(worker);
  }

  /** The page of a view, once it is there. */
  public Uni<Answer> show(Request request, Subject subject, Uni<?> view) {
    return show(request, subject, 200, view);
  }

  /** The same with another status than 200. */
  public Uni<Answer> show(Request request, Subject subject, int status, Uni<?> view) {
    return view.emitOn(worker)
        .map(
            shown ->
                Answer.html(
                    status, templates.render(subject.template, frame(request, subject), shown)));
  }

  @Override
  public Uni<Answer> login(String next, boolean isWrong) {
    Frame frame = frame(Optional.empty(), new Subject("login", "Sign in", "", ""));
    return made(
        () ->
            Answer.html(
                isWrong ? 401 : 200,
                templates.render("login", frame, new LoginView(next, isWrong))));
  }

  @Override
  public Uni<Answer> failed(Optional<Caller> caller, Throwable failure) {
    RefusedException said = Failures.said(failure);
    ErrorView view = new ErrorView(said.status(), String.valueOf(said.getMessage()), said.remedy());
    Frame frame = frame(caller, new Subject("error", "Error " + said.status(), "", ""));
    return made(() -> Answer.html(said.status(), templates.render("error", frame, view)));
  }

  private Uni<Answer> made(Supplier<Answer> page) {
    return Uni.createFrom().item(page).runSubscriptionOn(worker);
  }

  private Frame frame(Request request, Subject subject) {
    String notice =
        Notice.text(request.query().get("notice"), request.query().get("number")).orElse(null);
    return frame(Optional.of(request.caller()), subject, notice);
  }

  private Frame frame(Optional<Caller> caller, Subject subject) {
    return frame(caller, subject, null);
  }

  private Frame frame(Optional<Caller> caller, Subject subject, @Nullable String notice) {
    long nowMs = clock.millis();
    return new Frame(
        subject.title,
        subject.section,
        subject.queue,
        assets,
        caller.map(each -> each.principal().name()).orElse(""),
        caller.map(Caller::isOpen).orElse(false),
        caller.map(Caller::isSignedIn).orElse(false),
        Moment.of(nowMs, nowMs),
        notice);
  }
}
