package dev.dueline.system.rolling;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * A server of DNS (RFC 1035, by UDP) that knows, for any name, the addresses that there are at that
 * moment, as the DNS of a cluster does for a headless Service.
 */
final class NameServer implements AutoCloseable {
  private static final int MOST_BYTES = 512;
  private static final int HEADER_BYTES = 12;
  private static final int TYPE_AND_CLASS_BYTES = 4;
  private static final short TYPE_A = 1;
  private static final short CLASS_IN = 1;

  /** An answer, no error, recursion available. */
  private static final short FLAGS = (short) 0x8180;

  /** Points to the name of the question. */
  private static final short NAME = (short) (0xC000 | HEADER_BYTES);

  private final Supplier<List<InetAddress>> addresses;
  private final DatagramSocket socket;

  /** Starts it at a free port. */
  NameServer(Supplier<List<InetAddress>> addresses) {
    this.addresses = addresses;
    try {
      socket = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread thread = new Thread(this::serve, "name server");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * What clients of gRPC call, for servers at that port: its name and who is to be asked for it.
   */
  String target(int port) {
    return "dns://127.0.0.1:" + socket.getLocalPort() + "/replicas.test:" + port;
  }

  private void serve() {
    byte[] buffer = new byte[MOST_BYTES];
    while (!socket.isClosed()) {
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      try {
        socket.receive(packet);
        byte[] answer = answer(Arrays.copyOf(buffer, packet.getLength()));
        socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      } catch (IOException e) {
        // Closed, or a client that has gone.
      }
    }
  }

  private byte[] answer(byte[] question) {
    int end = HEADER_BYTES;
    while (question[end] != 0) {
      end += question[end] + 1;
    }
    end++;
    ByteBuffer asked = ByteBuffer.wrap(question);
    List<InetAddress> found = asked.getShort(end) == TYPE_A ? addresses.get() : List.of();
    ByteBuffer answer = ByteBuffer.allocate(MOST_BYTES);
    answer.putShort(asked.getShort(0)).putShort(FLAGS);
    answer.putShort((short) 1).putShort((short) found.size()).putInt(0);
    answer.put(question, HEADER_BYTES, end + TYPE_AND_CLASS_BYTES - HEADER_BYTES);
    for (InetAddress address : found) {
      byte[] bytes = address.getAddress();
      answer.putShort(NAME).putShort(TYPE_A).putShort(CLASS_IN).putInt(0);
      answer.putShort((short) bytes.length).put(bytes);
    }
    return Arrays.copyOf(answer.array(), answer.position());
  }

  @Override
  public void close() {
    socket.close();
  }
}
