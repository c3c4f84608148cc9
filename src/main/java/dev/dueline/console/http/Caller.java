package dev.dueline.console.http;

import dev.dueline.access.Permission;
import dev.dueline.access.Principal;
import dev.dueline.access.QueuePatterns;
import dev.dueline.text.EscapedText;
import java.nio.charset.StandardCharsets;

/**
 * Who asks, and what they may do here.
 *
 * @param isOpen whether nobody is asked who they are
 * @param isSignedIn whether by a cookie
 * @param hidesPayloads whether nobody may see payloads here
 */
public record Caller(
    Principal principal, boolean isOpen, boolean isSignedIn, boolean hidesPayloads) {
  /** The queues that may be looked at. */
  public QueuePatterns visible() {
    return principal.granted(Permission.READ);
  }

  /** Whether the queue and its jobs may be looked at. */
  public boolean maySee(String queue) {
    return principal.may(Permission.READ, queue);
  }

  /** Whether what jobs of the queue carry may be seen. */
  public boolean maySeePayloads(String queue) {
    return !hidesPayloads && maySee(queue) && principal.may(Permission.PAYLOADS, queue);
  }

  /** Whether something may be done to the queue that needs a permission. */
  public boolean may(Permission permission, String queue) {
    return principal.may(permission, queue);
  }

  /** The principal's name, fit for a line of a log. */
  public String loggedName() {
    return EscapedText.format(principal.name(), StandardCharsets.UTF_8);
  }
}
