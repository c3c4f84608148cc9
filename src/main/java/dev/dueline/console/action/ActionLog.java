package dev.dueline.console.action;

import dev.dueline.console.http.Caller;
import dev.dueline.console.http.Request;
import dev.dueline.job.QueueName;
import org.jboss.logging.Logger;

/** Says who did what, a line for each action that was carried out, or may have been in part. */
final class ActionLog {
  private static final Logger LOG = Logger.getLogger("dev.dueline.console");

  private ActionLog() {}

  /** What was done to a queue, in words that begin with a verb in the past tense. */
  static void write(Caller caller, QueueName queue, String what) {
    LOG.infof("By the console, '%s' %s in the queue %s", caller.loggedName(), what, queue);
  }

  /** An action failed after it had begun. */
  static void writeFailed(Request request, Throwable failure) {
    String queue = request.form().get("queue");
    LOG.warnf(
        "By the console, '%s' began %s in the queue %s, which failed and may be done in part: %s",
        request.caller().loggedName(),
        request.path(),
        QueueName.isValid(queue) ? queue : "?",
        failure);
  }
}
