package dev.dueline.client;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where a service listens.
 *
 * @param host a name or an address; an IPv6 address in brackets
 * @param port 1 to 65,535
 */
public record ServerAddress(String host, int port) {
  private static final String DNS = "dns:///";

  /**
   * Reads {@code host:port}, also behind {@code dns:///}.
   *
   * @throws IllegalArgumentException when it is not that; the message is for people
   */
  public static ServerAddress parse(String text) {
    try {
      String address = text.startsWith(DNS) ? text.substring(DNS.length()) : text;
      URI uri = new URI("dueline://" + address).parseServerAuthority();
      boolean bare = uri.getUserInfo() == null && uri.getRawPath().isEmpty();
      if (bare && uri.getHost() != null && uri.getPort() > 0 && uri.getPort() < 65_536) {
        return new ServerAddress(uri.getHost(), uri.getPort());
      }
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("'" + text + "' is not host:port", e);
    }
    throw new IllegalArgumentException("'" + text + "' is not host:port");
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
