package dev.dueline.console.action;

import dev.dueline.console.http.Caller;
import dev.dueline.job.QueueName;
import org.jboss.logging.Logger;

/** Says who did what, a line for each action that was carried out. */
final class ActionLog {
  private static final Logger LOG = Logger.getLogger("dev.dueline.console");

  private ActionLog() {}

  /** What was done to a queue, in words that begin with a verb in the past tense. */
  static void write(Caller caller, QueueName queue, String what) {
    LOG.infof("By the console, '%s' %s in the queue %s", caller.loggedName(), what, queue);
  }
}
