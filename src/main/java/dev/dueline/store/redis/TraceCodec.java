package dev.dueline.store.redis;

import dev.dueline.job.TraceParent;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Writes and reads the trace of a record: the ids of trace and span, and the flags, as bytes. */
final class TraceCodec {
  static final int TRACE_BYTES = 16;
  static final int SPAN_BYTES = 8;
  static final int BYTES = TRACE_BYTES + SPAN_BYTES + 1;

  private static final HexFormat HEX = HexFormat.of();

  private TraceCodec() {}

  static void write(ByteBuffer out, TraceParent trace) {
    out.put(HEX.parseHex(trace.traceId())).put(HEX.parseHex(trace.spanId())).put(trace.flags());
  }

  static TraceParent read(ByteBuffer in) {
    return new TraceParent(readHex(in, TRACE_BYTES), readHex(in, SPAN_BYTES), in.get());
  }

  private static String readHex(ByteBuffer in, int size) {
    byte[] bytes = new byte[size];
    in.get(bytes);
    return HEX.formatHex(bytes);
  }
}
