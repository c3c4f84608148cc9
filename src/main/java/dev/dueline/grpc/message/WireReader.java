package dev.dueline.grpc.message;

/**
 * Goes over the fields of a message in protobuf's wire format without reading their values. Groups,
 * which no message here has, are refused.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">The wire format</a>
 */
final class WireReader {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int DELIMITED = 2;
  private static final int FIXED32 = 5;
  private static final int TYPE_BITS = 3;
  private static final int TYPE_MASK = 7;
  private static final int MAX_VARINT_BYTES = 10;

  private final byte[] bytes;
  private int at;
  private int type;
  private int valueEnd;

  WireReader(byte[] bytes) {
    this.bytes = bytes;
  }

  int at() {
    return at;
  }

  void moveTo(int place) {
    at = place;
  }

  /** Whether the field has a length, as messages do. */
  boolean isDelimited() {
    return type == DELIMITED;
  }

  /** Where the value of the field ends. */
  int valueEnd() {
    return valueEnd;
  }

  /** Goes behind the value of the field. */
  void skip() {
    at = valueEnd;
  }

  /**
   * Reads on to the value of the next field.
   *
   * @param end of the message that the field is in
   * @return the field's number; -1: there is none that is whole and well formed
   */
  int fieldNumber(int end) {
    long tag = varint(end);
    if (tag <= 0 || tag > 0xFFFF_FFFFL) {
      return -1;
    }
    type = (int) tag & TYPE_MASK;
    long length =
        switch (type) {
          case VARINT -> varintBytes(end);
          case FIXED64 -> Long.BYTES;
          case FIXED32 -> Integer.BYTES;
          case DELIMITED -> varint(end);
          default -> -1;
        };
    if (length < 0 || length > end - at) {
      return -1;
    }
    valueEnd = at + (int) length;
    return (int) (tag >>> TYPE_BITS);
  }

  /** The number at this place, behind which it goes; -1: none, or none of 0 to 2^63 - 1. */
  private long varint(int end) {
    int length = varintBytes(end);
    if (length < 0) {
      return -1;
    }
    long value = 0;
    for (int i = 0; i < length; i++) {
      value |= (bytes[at + i] & 0x7FL) << (7 * i);
    }
    at += length;
    return value < 0 ? -1 : value;
  }

  /** How long the number at this place is; -1: it does not end in time. */
  private int varintBytes(int end) {
    int last = Math.min(end, at + MAX_VARINT_BYTES);
    for (int place = at; place < last; place++) {
      if (bytes[place] >= 0) {
        return place - at + 1;
      }
    }
    return -1;
  }
}
