package dev.dueline.access;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** What stands for a peer where peers are counted: its IPv4 address, or its IPv6 network. */
public final class PeerAddress {
  /** An IPv6 host usually has the 64-bit network to itself. */
  private static final int IPV6_NETWORK_BYTES = 8;

  private PeerAddress() {}

  /** That of a socket's other end; a word where it has none. */
  public static String of(SocketAddress remote) {
    if (!(remote instanceof InetSocketAddress internet) || internet.getAddress() == null) {
      return "local";
    }
    byte[] bytes = internet.getAddress().getAddress();
    if (bytes.length <= IPV6_NETWORK_BYTES) {
      return internet.getAddress().getHostAddress();
    }
    Arrays.fill(bytes, IPV6_NETWORK_BYTES, bytes.length, (byte) 0);
    try {
      return InetAddress.getByAddress(bytes).getHostAddress() + "/64";
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
