package dev.dueline.system.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** Ports of 127.0.0.1 for processes of a test. */
public final class LoopbackPort {
  /** Below the ports that outgoing connections get, so that none takes that of a killed server. */
  private static final int LEAST = 15_000;

  private static final int BELOW = 32_000;

  /** Each JVM that runs tests beside others has a part, so that none takes what another gave. */
  private static final int FORKS = 4;

  private static final int PART = (BELOW - LEAST) / FORKS;
  private static final int FIRST =
      LEAST + (Integer.getInteger("dueline.test.fork", 1) - 1) % FORKS * PART;

  /** A server that was killed comes back on its own. */
  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  private LoopbackPort() {}

  /** One that nobody listens on now, and that nobody was given before. */
  public static int free() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, FIRST + PART);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        if (GIVEN.add(port)) {
          return socket.getLocalPort();
        }
      } catch (IOException e) {
        // Taken: the next.
        continue;
      }
    }
  }
}
