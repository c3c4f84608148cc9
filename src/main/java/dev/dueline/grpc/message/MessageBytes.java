package dev.dueline.grpc.message;

import com.google.protobuf.MessageLite;

/** How large messages to clients may be. */
public final class MessageBytes {
  /** Most bytes of a list in one answer, unless one item alone has more; clients take 4 MiB. */
  public static final int MAX_LIST = 7 << 19;

  /** Tag and length of an item in its list, at most. */
  private static final int FRAME = 8;

  private MessageBytes() {}

  /** Bytes that an item takes in a list, about. */
  public static int inList(MessageLite item) {
    return item.getSerializedSize() + FRAME;
  }
}
