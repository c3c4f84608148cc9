package dev.dueline.ops.security.material;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Objects;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Whether keys or certificates can be read again: counts each failure, and logs one line for each
 * change. Of one thread at a time.
 */
public final class ReloadRecord {
  private static final Logger LOG = Logger.getLogger("dev.dueline");

  /** What becomes of it where some were read before. */
  public static final String OLD_HOLD = "the old ones hold";

  /** Characters of a reason; it may repeat what a source said. */
  private static final int MAX_REASON = 300;

  private final String what;
  private final Counter failures;
  private @Nullable String failure;
  private @Nullable String warning;

  private ReloadRecord(String what, Counter failures) {
    this.what = what;
    this.failures = failures;
  }

  /**
   * The record of what is read.
   *
   * @param what for people, as it begins a sentence
   * @param label of its metric
   */
  public static ReloadRecord of(String what, String label, MeterRegistry registry) {
    return new ReloadRecord(what, registry.counter("dueline.reload.failures", "what", label));
  }

  /** Whether the last attempt failed. */
  public boolean isFailing() {
    return failure != null;
  }

  /**
   * They could not be read.
   *
   * @param consequence for people, within a sentence
   */
  public void failed(Exception cause, String consequence) {
    failures.increment();
    String reason = reason(cause);
    if (!reason.equals(failure)) {
      LOG.warnf("%s cannot be used, %s: %s", what, consequence, reason);
    }
    failure = reason;
  }

  /**
   * They were read.
   *
   * @param partly what of them is left out, and why; null: nothing is
   */
  public void succeeded(@Nullable String partly) {
    if (failure != null) {
      LOG.infof("%s can be used again", what);
      failure = null;
    }
    String now = partly == null ? null : oneLine(partly);
    if (now != null && !Objects.equals(now, warning)) {
      LOG.warnf("%s: %s", what, now);
    }
    warning = now;
  }

  /** Why something could not be read, in one line. */
  public static String reason(Throwable cause) {
    String message = cause.getMessage();
    return oneLine(message == null ? cause.getClass().getSimpleName() : message);
  }

  private static String oneLine(String text) {
    String line = text.replaceAll("\\p{Cntrl}+", " ");
    return line.length() <= MAX_REASON ? line : line.substring(0, MAX_REASON) + "…";
  }
}
