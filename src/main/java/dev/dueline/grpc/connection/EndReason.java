package dev.dueline.grpc.connection;

import java.util.Locale;

/** Why the service ended a connection before its time. */
public enum EndReason {
  /** There were as many connections as may be. */
  NO_ROOM,
  /** Too many frames that carry next to nothing. */
  EMPTY_FRAMES,
  /** Too many calls with missing or wrong credentials from its address. */
  FAILED_AUTHENTICATIONS,
  /** Was one of those that held most of the bytes of messages when there were too many. */
  MESSAGE_BYTES,
  /** Held most when there were too many buffers of the network. */
  BUFFER_BYTES,
  /** Had a long TLS handshake that was not over when there were too many of these. */
  HANDSHAKE_BYTES;

  /** The word for it in metrics and logs. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
