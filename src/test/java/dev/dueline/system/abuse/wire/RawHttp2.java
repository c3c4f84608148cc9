package dev.dueline.system.abuse.wire;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;

/**
 * A connection over which any frames can be sent. Methods that send throw IOException once the
 * server has hung up; they block while the server does not read. Thread-safe.
 */
public final class RawHttp2 implements AutoCloseable {
  /** What each connection begins with (RFC 9113, section 3.4). */
  public static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private static final int MAX_FRAME = 16_384;
  private static final int CONNECT_TIMEOUT_MS = 5_000;
  private static final int STACK_BYTES = 128 << 10;

  /** SETTINGS_INITIAL_WINDOW_SIZE, 0. */
  private static final byte[] ZERO_WINDOW = {0, 4, 0, 0, 0, 0};

  private final Socket socket;
  private final OutputStream out;
  private final Set<Trait> traits;
  private final SendWindows windows = new SendWindows();
  private final Inbound inbound;
  private int nextStream = 1;
  private volatile boolean isClosedHere;

  private RawHttp2(Socket socket, Set<Trait> traits, Counts counts) throws IOException {
    this.socket = socket;
    this.traits = traits;
    this.out = new BufferedOutputStream(socket.getOutputStream(), 32 << 10);
    this.inbound = new Inbound(this, socket.getInputStream(), windows, counts);
  }

  /**
   * Connects, and sends the preface and SETTINGS.
   *
   * @param source the address to come from, of 127/8
   * @param counts is told what becomes of the connection and its calls
   */
  public static RawHttp2 open(InetAddress source, int port, Set<Trait> traits, Counts counts)
      throws IOException {
    return over(socket(source, port), traits, counts);
  }

  /** The same over a socket on which nothing was sent yet, which it closes. */
  public static RawHttp2 over(Socket socket, Set<Trait> traits, Counts counts) throws IOException {
    RawHttp2 connection = new RawHttp2(socket, traits, counts);
    connection.write(PREFACE);
    connection.send(
        FrameType.SETTINGS, 0, 0, traits.contains(Trait.NO_WINDOW) ? ZERO_WINDOW : new byte[0]);
    if (!traits.contains(Trait.NEVER_READS)) {
      Thread reader = new Thread(null, connection.inbound, "raw-http2", STACK_BYTES);
      reader.setDaemon(true);
      reader.start();
    }
    return connection;
  }

  /** A socket on which nothing was sent yet. */
  public static Socket socket(InetAddress source, int port) throws IOException {
    Socket socket = new Socket();
    try {
      socket.bind(new InetSocketAddress(source, 0));
      socket.setTcpNoDelay(true);
      socket.connect(
          new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), CONNECT_TIMEOUT_MS);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Sends bytes as they are. */
  public synchronized void write(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  /** Sends a frame. */
  public void send(int type, int flags, int stream, byte[] payload) throws IOException {
    write(new Frames().add(type, flags, stream, payload).toBytes());
  }

  /** Begins a call whose message may follow; gives its stream. */
  public int begin(HeaderBlock headers) throws IOException {
    return begin(headers.toBytes(), FrameType.END_HEADERS);
  }

  /** Begins a call; gives its stream. */
  public synchronized int begin(byte[] block, int flags) throws IOException {
    int stream = newStream();
    Frames frames = new Frames();
    int first = Math.min(block.length, MAX_FRAME);
    int ends = first == block.length ? flags : flags & ~FrameType.END_HEADERS;
    frames.add(FrameType.HEADERS, ends, stream, block, 0, first);
    for (int from = first; from < block.length; from += MAX_FRAME) {
      int length = Math.min(MAX_FRAME, block.length - from);
      int last = from + length == block.length ? flags & FrameType.END_HEADERS : 0;
      frames.add(FrameType.CONTINUATION, last, stream, block, from, length);
    }
    write(frames.toBytes());
    return stream;
  }

  /** The id of a stream that is to be begun next. */
  public synchronized int newStream() {
    int stream = nextStream;
    nextStream += 2;
    return stream;
  }

  /** Begins a call with all of its message; gives its stream. */
  public int call(HeaderBlock headers, byte[] message) throws IOException, InterruptedException {
    int stream = begin(headers);
    data(stream, message, true);
    return stream;
  }

  /**
   * Sends DATA as flow control allows; gives how many bytes it was until the stream was ended by
   * the server.
   *
   * @param ends whether the last frame ends the stream
   */
  public int data(int stream, byte[] bytes, boolean ends) throws IOException, InterruptedException {
    int sent = 0;
    while (sent < bytes.length) {
      int length = windows.take(stream, Math.min(MAX_FRAME, bytes.length - sent));
      if (length == 0) {
        return sent;
      }
      boolean isLast = ends && sent + length == bytes.length;
      int flags = isLast ? FrameType.END_STREAM : 0;
      write(new Frames().add(FrameType.DATA, flags, stream, bytes, sent, length).toBytes());
      sent += length;
    }
    return sent;
  }

  /** The status or error code that a call ended with; waits for it; empty: it did not in time. */
  public String outcome(int stream, Duration longest) throws InterruptedException {
    return inbound.outcome(stream, longest.toMillis());
  }

  /** How the server ended the connection; empty: it has not, or this one does not read. */
  public String ending() {
    return inbound.ending();
  }

  /** Bytes of DATA that came. */
  public long dataBytes() {
    return inbound.dataBytes();
  }

  Set<Trait> traits() {
    return traits;
  }

  boolean isClosedHere() {
    return isClosedHere;
  }

  @Override
  public void close() {
    isClosedHere = true;
    windows.close();
    try {
      socket.close();
    } catch (IOException e) {
      // Nothing is left to be done for it.
    }
  }
}
