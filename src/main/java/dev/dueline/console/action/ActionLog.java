package dev.dueline.console.action;

import dev.dueline.console.http.Caller;
import dev.dueline.console.http.Request;
import dev.dueline.job.QueueName;
import dev.dueline.text.EscapedText;
import java.nio.charset.StandardCharsets;
import org.jboss.logging.Logger;

/** Says who did what and how it ended, a line for each action. */
final class ActionLog {
  private static final Logger LOG = Logger.getLogger("dev.dueline.console");

  private ActionLog() {}

  /** What was done to a queue, in words that begin with a verb in the past tense. */
  static void write(Caller caller, QueueName queue, String what) {
    LOG.infof("By the console, '%s' %s in the queue %s", caller.loggedName(), what, queue);
  }

  /** An action was refused, and nothing was done. */
  static void writeRefused(Request request, String why) {
    LOG.infof(
        "By the console, '%s' was refused %s in the queue %s: %s",
        request.caller().loggedName(), request.path(), queue(request), plain(why));
  }

  /** An action failed after it had begun. */
  static void writeFailed(Request request, Throwable failure) {
    LOG.warnf(
        "By the console, '%s' began %s in the queue %s, which failed and may be done in part: %s",
        request.caller().loggedName(), request.path(), queue(request), plain(failure.toString()));
  }

  private static String queue(Request request) {
    String queue = request.form().get("queue");
    return QueueName.isValid(queue) ? queue : "?";
  }

  /** In one line: what could begin another, or hide in it, is escaped. */
  private static String plain(String text) {
    return EscapedText.format(text, StandardCharsets.UTF_8);
  }
}
