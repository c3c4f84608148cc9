package dev.dueline.console.page;

import dev.dueline.console.http.Answer;
import dev.dueline.console.http.Endpoint;
import dev.dueline.console.http.Parameters;
import dev.dueline.console.http.Request;
import dev.dueline.console.render.Pages;
import dev.dueline.console.render.Pages.Subject;
import dev.dueline.console.view.ScheduleView;
import dev.dueline.console.view.ScheduleView.FieldError;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The form that schedules a job. */
public final class SchedulePage implements Endpoint {
  private static final int UNPROCESSABLE = 422;

  private static final List<String> FIELDS =
      List.of(
          "queue",
          "id",
          "due",
          "delay",
          "cron",
          "zone",
          "every",
          "payload",
          "attributes",
          "max_attempts",
          "ttl");

  private final Pages pages;

  SchedulePage(Pages pages) {
    this.pages = pages;
  }

  @Override
  public Uni<Answer> answer(Request request) {
    return pages.show(
        request, subject(request.query()), Uni.createFrom().item(view(request.query(), List.of())));
  }

  /** The form as it was sent, with what is wrong with it. */
  public Uni<Answer> again(Request request, List<FieldError> errors) {
    return pages.show(
        request,
        subject(request.form()),
        UNPROCESSABLE,
        Uni.createFrom().item(view(request.form(), errors)));
  }

  private static Subject subject(Parameters fields) {
    return new Subject("schedule", "Schedule a job", "schedule", fields.get("queue"));
  }

  private static ScheduleView view(Parameters fields, List<FieldError> errors) {
    Map<String, String> values = new TreeMap<>();
    FIELDS.forEach(field -> values.put(field, fields.raw(field)));
    return new ScheduleView(values, errors);
  }
}
