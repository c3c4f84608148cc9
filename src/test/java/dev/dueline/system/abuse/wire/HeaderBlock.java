package dev.dueline.system.abuse.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Header fields in HPACK, each a literal without indexing (RFC 7541, section 6.2.2), so that a
 * block is the same on each connection.
 */
public final class HeaderBlock {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** The headers of a gRPC call without credentials. */
  public static HeaderBlock call(String path) {
    return new HeaderBlock()
        .with(":method", "POST")
        .with(":scheme", "http")
        .with(":path", path)
        .with(":authority", "abuse")
        .with("te", "trailers")
        .with("content-type", "application/grpc");
  }

  /** The headers of a gRPC call; an empty token: without credentials. */
  public static HeaderBlock call(String path, String token) {
    HeaderBlock block = call(path);
    return token.isEmpty() ? block : block.with("authorization", "Bearer " + token);
  }

  /** One more field. */
  public HeaderBlock with(String name, String value) {
    bytes.write(0);
    text(name);
    text(value);
    return this;
  }

  public byte[] toBytes() {
    return bytes.toByteArray();
  }

  /** A string that is not Huffman coded; its length is an integer with a prefix of 7 bits. */
  private void text(String text) {
    byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
    int rest = octets.length;
    if (rest < 127) {
      bytes.write(rest);
    } else {
      bytes.write(127);
      for (rest -= 127; rest >= 128; rest >>>= 7) {
        bytes.write(rest & 127 | 128);
      }
      bytes.write(rest);
    }
    bytes.writeBytes(octets);
  }
}
