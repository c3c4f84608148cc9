package dev.dueline.grpc.connection;

import io.grpc.Metadata;

/**
 * What the last reads of a connection brought to do, beside reading it. On the connection's event
 * loop.
 */
final class ReadCost {
  /** Of a connection that brought much: the headers of a hundred calls. */
  static final int SMALL_BYTES = 4 << 10;

  /**
   * Of one whose messages are many times as large once they are read, and of strangers beyond their
   * budget: a first call arrives in a few of them.
   */
  static final int LEAST_BYTES = 256;

  /** Calls that may begin with one read before the next is small. */
  private static final int FEW_CALLS = 32;

  /** Of compressed messages, decompressed: so much makes no read small. */
  private static final int FREE_BYTES = 256 << 10;

  /** What one read makes up for: as many bytes as a large one reads. */
  private static final int PAID_BYTES = 64 << 10;

  private static final Metadata.Key<String> ENCODING =
      Metadata.Key.of("grpc-encoding", Metadata.ASCII_STRING_MARSHALLER);

  private final ReadSizes.Budget strangers;
  private int calls;
  private long inflatedBytes;
  private boolean isCompressing;

  /**
   * None yet.
   *
   * @param strangers what strangers may send to the same event loop; messages that become large use
   *     it up, since they come over one new connection after the other, too
   */
  ReadCost(ReadSizes.Budget strangers) {
    this.strangers = strangers;
  }

  /** Whether a call says that its messages are compressed. */
  static boolean isCompressing(Metadata headers) {
    String encoding = headers.get(ENCODING);
    return encoding != null && !encoding.equals("identity");
  }

  /** Its peer begins a call, whatever becomes of it. */
  void call() {
    calls++;
  }

  /** Its peer says that it compresses messages. */
  void compresses() {
    isCompressing = true;
  }

  /** So much more of a compressed message of its peer was read, decompressed. */
  void inflated(long bytes) {
    inflatedBytes += bytes;
    if (inflatedBytes > FREE_BYTES) {
      strangers.owe(bytes);
    }
  }

  /** Most bytes of the next read, which begins. */
  int next() {
    int most = Integer.MAX_VALUE;
    if (inflatedBytes > FREE_BYTES || isCompressing && strangers.isOwing()) {
      most = LEAST_BYTES;
    } else if (calls > FEW_CALLS) {
      most = SMALL_BYTES;
    }
    calls = 0;
    inflatedBytes = Math.max(0, inflatedBytes - PAID_BYTES);
    return most;
  }
}
