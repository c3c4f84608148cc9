package dev.dueline.store.redis.layout;

import dev.dueline.job.TraceParent;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Writes and reads the trace of a record, in the layout of the table of the package. */
final class TraceCodec {
  private static final int TRACE_BYTES = 16;
  private static final int SPAN_BYTES = 8;
  private static final byte SAMPLED = 1;
  private static final HexFormat HEX = HexFormat.of();

  private TraceCodec() {}

  static byte[] encode(TraceParent trace) {
    int size = TRACE_BYTES + SPAN_BYTES + (trace.flags() == SAMPLED ? 0 : 1);
    ByteBuffer out = ByteBuffer.allocate(size);
    out.put(HEX.parseHex(trace.traceId())).put(HEX.parseHex(trace.spanId()));
    return out.hasRemaining() ? out.put(trace.flags()).array() : out.array();
  }

  /** Reads a trace; null if it is cut short. */
  static @Nullable TraceParent decode(ByteBuffer in) {
    return in.remaining() < TRACE_BYTES + SPAN_BYTES
        ? null
        : new TraceParent(
            readHex(in, TRACE_BYTES),
            readHex(in, SPAN_BYTES),
            in.hasRemaining() ? in.get() : SAMPLED);
  }

  private static String readHex(ByteBuffer in, int size) {
    byte[] bytes = new byte[size];
    in.get(bytes);
    return HEX.formatHex(bytes);
  }
}
