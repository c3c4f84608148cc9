package dev.dueline.grpc.connection;

import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** A channel in memory to a peer with an address. */
final class PeerChannel extends EmbeddedChannel {
  private final InetSocketAddress remote;

  /** The address in numbers, so that no name is looked up. */
  PeerChannel(String address, int port) {
    this.remote = new InetSocketAddress(address, port);
  }

  @Override
  protected SocketAddress remoteAddress0() {
    return remote;
  }
}
