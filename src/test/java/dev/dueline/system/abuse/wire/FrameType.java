package dev.dueline.system.abuse.wire;

/** Types and flags of HTTP/2 frames (RFC 9113, section 6). */
public final class FrameType {
  public static final int DATA = 0;
  public static final int HEADERS = 1;
  public static final int PRIORITY = 2;
  public static final int RST_STREAM = 3;
  public static final int SETTINGS = 4;
  public static final int PING = 6;
  public static final int GOAWAY = 7;
  public static final int WINDOW_UPDATE = 8;
  public static final int CONTINUATION = 9;

  /** A type that no specification has. */
  public static final int UNKNOWN = 0xFA;

  public static final int NO_FLAGS = 0;
  public static final int ACK = 1;
  public static final int END_STREAM = 1;
  public static final int END_HEADERS = 4;
  public static final int PADDED = 8;

  /** Error code of RST_STREAM and GOAWAY. */
  public static final int CANCEL = 8;

  private static final String[] ERRORS = {
    "NO_ERROR",
    "PROTOCOL_ERROR",
    "INTERNAL_ERROR",
    "FLOW_CONTROL_ERROR",
    "SETTINGS_TIMEOUT",
    "STREAM_CLOSED",
    "FRAME_SIZE_ERROR",
    "REFUSED_STREAM",
    "CANCEL",
    "COMPRESSION_ERROR",
    "CONNECT_ERROR",
    "ENHANCE_YOUR_CALM"
  };

  private FrameType() {}

  static String error(int code) {
    return code >= 0 && code < ERRORS.length ? ERRORS[code] : "error " + code;
  }
}
