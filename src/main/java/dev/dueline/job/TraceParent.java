package dev.dueline.job;

import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The trace that a job was scheduled in, as W3C Trace Context has it. It travels with the job as
 * its attribute {@value #ATTRIBUTE}, and is no part of what was asked for: the same request from
 * another trace is the same.
 *
 * @param traceId 32 hexadecimal digits, in lower case
 * @param spanId 16 of them
 * @param flags 1: sampled
 * @see <a href="https://www.w3.org/TR/trace-context/">W3C Trace Context</a>
 */
public record TraceParent(String traceId, String spanId, byte flags) {
  /** The attribute that tells it. */
  public static final String ATTRIBUTE = "traceparent";

  private static final Pattern TRACE_ID = Pattern.compile("[0-9a-f]{32}");
  private static final Pattern SPAN_ID = Pattern.compile("[0-9a-f]{16}");

  public TraceParent {
    if (!TRACE_ID.matcher(traceId).matches() || !SPAN_ID.matcher(spanId).matches()) {
      throw new IllegalArgumentException("not a trace and a span: " + traceId + ", " + spanId);
    }
  }

  /** The value of the attribute. */
  @Override
  public String toString() {
    return "00-" + traceId + '-' + spanId + '-' + HexFormat.of().toHexDigits(flags);
  }
}
