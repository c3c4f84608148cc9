package dev.dueline.console.input;

import dev.dueline.access.Permission;
import dev.dueline.console.http.Caller;
import dev.dueline.console.http.Parameters;
import dev.dueline.console.http.RefusedException;
import dev.dueline.console.http.Request;
import dev.dueline.console.view.Rights;
import dev.dueline.job.JobId;
import dev.dueline.job.QueueName;
import java.util.List;

/** The queue and the jobs that a request names, if its caller may. */
public final class Targets {
  private static final int BAD_REQUEST = 400;
  private static final int FORBIDDEN = 403;

  private Targets() {}

  /** The queue of a page. */
  public static QueueName seen(Request request) {
    QueueName queue = queue(request.query());
    if (!request.caller().maySee(queue.value())) {
      throw forbidden(request.caller(), "look at", queue.value());
    }
    return queue;
  }

  /** The queue of an action. */
  public static QueueName acted(Request request, Permission permission) {
    QueueName queue = queue(request.form());
    if (!request.caller().maySee(queue.value())
        || !request.caller().may(permission, queue.value())) {
      throw forbidden(request.caller(), permission.word(), queue.value());
    }
    return queue;
  }

  /** The job of a page or an action. */
  public static JobId job(Parameters fields) {
    return id(fields.raw("id"));
  }

  /** The chosen jobs of an action, at least one. */
  public static List<JobId> jobs(Parameters fields, int most) {
    List<JobId> ids = fields.all("id").stream().distinct().map(Targets::id).toList();
    if (ids.isEmpty() || ids.size() > most) {
      throw new RefusedException(
          BAD_REQUEST, "Choose at least one job, and at most " + most + ".", "");
    }
    return ids;
  }

  /** What a caller may do to a queue. */
  public static Rights rights(Caller caller, String queue) {
    return new Rights(
        caller.maySeePayloads(queue),
        caller.may(Permission.SCHEDULE, queue),
        caller.may(Permission.OPERATE, queue));
  }

  private static QueueName queue(Parameters fields) {
    String name = fields.get("queue");
    if (!QueueName.isValid(name)) {
      throw new RefusedException(
          BAD_REQUEST,
          name.isEmpty() ? "No queue is named." : "No queue can have this name.",
          "Names have 1 to 128 of A-Z a-z 0-9 . _ - : /");
    }
    return new QueueName(name);
  }

  private static JobId id(String value) {
    if (!JobId.isValid(value)) {
      throw new RefusedException(
          BAD_REQUEST,
          "No job can have this id.",
          "Ids have 1 to 256 bytes of UTF-8 without control characters.");
    }
    return new JobId(value);
  }

  private static RefusedException forbidden(Caller caller, String what, String queue) {
    return new RefusedException(
        FORBIDDEN,
        caller.principal().name() + " may not " + what + " the queue " + queue + ".",
        "Whoever runs the service gives permissions.");
  }
}
