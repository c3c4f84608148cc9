package dev.dueline.store.redis.layout;

import dev.dueline.job.TraceParent;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Writes and reads the trace of a record: the ids of trace and span, and the flags, as bytes. */
public final class TraceCodec {
  public static final int TRACE_BYTES = 16;
  public static final int SPAN_BYTES = 8;
  public static final int BYTES = TRACE_BYTES + SPAN_BYTES + 1;

  private static final HexFormat HEX = HexFormat.of();

  private TraceCodec() {}

  public static void write(ByteBuffer out, TraceParent trace) {
    out.put(HEX.parseHex(trace.traceId())).put(HEX.parseHex(trace.spanId())).put(trace.flags());
  }

  public static TraceParent read(ByteBuffer in) {
    return new TraceParent(readHex(in, TRACE_BYTES), readHex(in, SPAN_BYTES), in.get());
  }

  private static String readHex(ByteBuffer in, int size) {
    byte[] bytes = new byte[size];
    in.get(bytes);
    return HEX.formatHex(bytes);
  }
}
