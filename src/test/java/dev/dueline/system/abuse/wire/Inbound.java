package dev.dueline.system.abuse.wire;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What comes from the server, read by a thread of its own until the connection ends. */
final class Inbound implements Runnable {
  private static final int INITIAL_WINDOW_SIZE = 4;

  private final RawHttp2 connection;
  private final DataInputStream in;
  private final Set<Trait> traits;
  private final SendWindows windows;
  private final Counts counts;
  private final DefaultHttp2HeadersDecoder headers = new DefaultHttp2HeadersDecoder();
  private final ByteArrayOutputStream block = new ByteArrayOutputStream();
  private final Map<Integer, String> outcomes = new ConcurrentHashMap<>();
  private final LongAdder dataBytes = new LongAdder();
  private boolean isPinging;
  private String ending = "";

  Inbound(RawHttp2 connection, InputStream in, SendWindows windows, Counts counts) {
    this.connection = connection;
    this.in = new DataInputStream(new BufferedInputStream(in, 32 << 10));
    this.traits = connection.traits();
    this.windows = windows;
    this.counts = counts;
  }

  @Override
  public void run() {
    try {
      // As much as a connection may announce.
      headers.configuration().maxHeaderTableSize(Http2CodecUtil.MAX_HEADER_TABLE_SIZE);
      while (true) {
        frame();
      }
    } catch (IOException | Http2Exception e) {
      end("closed");
    }
  }

  /** How the connection was ended; empty: it is open. */
  synchronized String ending() {
    return ending;
  }

  /** The status, or the error code, that a call ended with; waits; empty: not in that time. */
  synchronized String outcome(int stream, long millis) throws InterruptedException {
    long end = System.nanoTime() + millis * 1_000_000;
    while (!outcomes.containsKey(stream) && ending.isEmpty()) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return "";
      }
      wait(left);
    }
    return outcomes.getOrDefault(stream, ending);
  }

  long dataBytes() {
    return dataBytes.sum();
  }

  private void frame() throws IOException, Http2Exception {
    int head = in.readInt();
    int flags = in.readUnsignedByte();
    int stream = in.readInt() & Integer.MAX_VALUE;
    byte[] payload = new byte[head >>> 8];
    in.readFully(payload);
    switch (head & 0xFF) {
      case FrameType.SETTINGS -> settings(flags, payload);
      case FrameType.PING -> ping(flags, payload);
      case FrameType.WINDOW_UPDATE -> windows.update(stream, ByteBuffer.wrap(payload).getInt());
      case FrameType.DATA -> data(flags, stream, payload.length);
      case FrameType.HEADERS -> {
        block.reset();
        headers(flags, stream, payload);
      }
      case FrameType.CONTINUATION -> headers(flags, stream, payload);
      case FrameType.RST_STREAM ->
          ended(stream, "RST " + FrameType.error(ByteBuffer.wrap(payload).getInt()));
      case FrameType.GOAWAY -> {
        String code = FrameType.error(ByteBuffer.wrap(payload).getInt(4));
        String why = new String(payload, 8, payload.length - 8, StandardCharsets.US_ASCII);
        end(why.isEmpty() ? "GOAWAY " + code : "GOAWAY " + code + " " + why);
      }
      default -> counts.add("frame " + (head & 0xFF));
    }
  }

  private void ping(int flags, byte[] payload) throws IOException {
    if ((flags & FrameType.ACK) != 0) {
      isPinging = false;
    } else if (!traits.contains(Trait.NEVER_ACKS)) {
      connection.send(FrameType.PING, FrameType.ACK, 0, payload);
    }
  }

  private void settings(int flags, byte[] payload) throws IOException {
    if ((flags & FrameType.ACK) != 0) {
      return;
    }
    for (ByteBuffer each = ByteBuffer.wrap(payload); each.remaining() >= 6; ) {
      int id = each.getShort();
      int value = each.getInt();
      if (id == INITIAL_WINDOW_SIZE) {
        windows.initial(value);
      }
    }
    if (!traits.contains(Trait.NEVER_ACKS)) {
      connection.send(FrameType.SETTINGS, FrameType.ACK, 0, new byte[0]);
    }
  }

  private void data(int flags, int stream, int length) throws IOException {
    dataBytes.add(length);
    if (traits.contains(Trait.PINGS_FOR_DATA) && !isPinging) {
      isPinging = true;
      counts.add("PING");
      connection.send(FrameType.PING, FrameType.NO_FLAGS, 0, new byte[8]);
    }
    if (length > 0 && !traits.contains(Trait.NEVER_REPLENISHES)) {
      byte[] bytes = Frames.number(length);
      connection.send(FrameType.WINDOW_UPDATE, 0, 0, bytes);
      connection.send(FrameType.WINDOW_UPDATE, 0, stream, bytes);
    }
    if ((flags & FrameType.END_STREAM) != 0) {
      ended(stream, "no status");
    }
  }

  private void headers(int flags, int stream, byte[] payload) throws Http2Exception {
    block.writeBytes(payload);
    if ((flags & FrameType.END_HEADERS) == 0) {
      return;
    }
    Http2Headers fields =
        headers.decodeHeaders(stream, Unpooled.wrappedBuffer(block.toByteArray()));
    CharSequence status = fields.get("grpc-status");
    if (status != null) {
      ended(
          stream,
          io.grpc.Status.fromCodeValue(Integer.parseInt(status.toString())).getCode().toString());
    } else if (!"200".contentEquals(fields.status())) {
      ended(stream, "HTTP " + fields.status());
    }
  }

  private synchronized void ended(int stream, String outcome) {
    if (outcomes.putIfAbsent(stream, outcome) == null) {
      counts.add(outcome);
    }
    windows.end(stream);
    notifyAll();
  }

  private synchronized void end(String how) {
    if (ending.isEmpty()) {
      ending = how;
      if (!connection.isClosedHere()) {
        counts.add("connection " + how);
      }
    }
    // A GOAWAY without an error lets the calls go on that were begun.
    if (!how.startsWith("GOAWAY NO_ERROR")) {
      windows.close();
    }
    notifyAll();
  }
}
