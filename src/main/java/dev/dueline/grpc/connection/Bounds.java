package dev.dueline.grpc.connection;

import java.time.Duration;

/**
 * {@link PeerLimits} in numbers: what has no setting follows from the heap, so that all that peers
 * can make the service hold at once stays well below it.
 *
 * @param bufferBytes of direct buffers, whoever has them
 * @param messageTimeout from the headers of a call to the end of its message
 */
public record Bounds(
    int connections,
    int connectionsPerAddress,
    Calls calls,
    long messageBytes,
    long messageBytesPerConnection,
    long bufferBytes,
    Duration messageTimeout,
    int emptyFrames) {
  /** Heap of an idle connection with its HTTP/2 state is about 20 KiB (docs/security.md). */
  private static final long HEAP_PER_CONNECTION = 64 << 10;

  /** Heap of a call that waits, WatchDue's included, is about 6 KiB (docs/security.md). */
  private static final long HEAP_PER_CALL = 16 << 10;

  /** Of the heap, for messages. */
  private static final int MESSAGE_SHARE = 4;

  /**
   * Of direct memory, for all buffers: what is read until connections have ended needs the rest.
   */
  private static final int BUFFER_SHARE = 2;

  private static final int MAX_CONNECTIONS = 10_000;
  private static final int MAX_CALLS = 100_000;

  /**
   * Most calls in progress.
   *
   * @param anonymous those that need no credentials, in all
   */
  public record Calls(
      int all,
      int perAddress,
      int perConnection,
      int anonymous,
      int anonymousPerAddress,
      int anonymousPerConnection) {}

  /** The bounds of a process with that much heap, and memory for direct buffers. */
  public static Bounds of(PeerLimits limits, long heapBytes, long directBytes) {
    int connections =
        limits.connections().orElse(share(heapBytes, HEAP_PER_CONNECTION, MAX_CONNECTIONS));
    int calls = limits.calls().orElse(share(heapBytes, HEAP_PER_CALL, MAX_CALLS));
    int anonymous = limits.anonymousCalls().orElse(half(half(calls)));
    long messageBytes = limits.messageBytes().orElse(heapBytes / MESSAGE_SHARE);
    return new Bounds(
        connections,
        limits.connectionsPerAddress().orElse(half(connections)),
        new Calls(
            calls,
            limits.callsPerAddress().orElse(half(calls)),
            limits.callsPerConnection(),
            anonymous,
            limits.anonymousCallsPerAddress().orElse(half(anonymous)),
            limits.anonymousCallsPerConnection()),
        messageBytes,
        limits.messageBytesPerConnection().orElse(messageBytes / 2),
        directBytes / BUFFER_SHARE,
        limits.messageTimeout(),
        limits.emptyFramesPerConnection());
  }

  private static int share(long heapBytes, long each, int most) {
    return (int) Math.min(most, Math.max(1, heapBytes / each));
  }

  private static int half(int of) {
    return Math.max(1, of / 2);
  }
}
