package dev.dueline.system.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A network between a client and a server on 127.0.0.1 that can fail. Thread-safe. */
public final class FaultyProxy implements AutoCloseable {
  /** Bytes read at once. */
  private static final int CHUNK = 1 << 16;

  private final ServerSocket listener;
  private final int target;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private volatile boolean isSwallowing;
  private volatile boolean isRefusing;
  private volatile long delayMs;

  private FaultyProxy(ServerSocket listener, int target) {
    this.listener = listener;
    this.target = target;
  }

  /** One on a free port, that forwards to the target. */
  public static FaultyProxy to(int target) {
    try {
      ServerSocket listener = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
      FaultyProxy proxy = new FaultyProxy(listener, target);
      daemon("proxy of " + target, proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where clients connect. */
  public int port() {
    return listener.getLocalPort();
  }

  /** From now on all bytes vanish, both ways; connections stay, and new ones are taken. */
  public void swallow() {
    isSwallowing = true;
  }

  /** What Redis publishes vanishes on the connections that there are; all else gets through. */
  public void losePublished() {
    links.forEach(link -> link.losesPublished = true);
  }

  /** Ends all connections, now. */
  public void cut() {
    links.forEach(Link::close);
  }

  /** From now on new connections are reset. */
  public void refuse() {
    isRefusing = true;
  }

  /** From now on a byte takes that long to get through, and up to twice as long in a crowd. */
  public void delay(long ms) {
    delayMs = ms;
  }

  /** All works again; connections that lost bytes are cut. */
  public void heal() {
    forget();
    links.stream().filter(link -> link.isLost).forEach(Link::close);
  }

  /** New connections work again; those that lost bytes stay silent for ever, as behind a NAT. */
  public void forget() {
    isSwallowing = false;
    isRefusing = false;
    delayMs = 0;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        if (isRefusing) {
          reset(client);
        } else {
          // Connecting may take its time, and nobody else shall wait for it.
          daemon("proxy link", () -> connect(client));
        }
      } catch (IOException e) {
        // One connection less, or the end of all.
        continue;
      }
    }
  }

  private void connect(Socket client) {
    Link link;
    try {
      client.setTcpNoDelay(true);
      Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
      server.setTcpNoDelay(true);
      link = new Link(client, server);
    } catch (IOException e) {
      reset(client);
      return;
    }
    links.add(link);
    if (isRefusing) {
      // It came before, when there was nothing yet to cut.
      link.close();
      return;
    }
    daemon("proxy out", () -> link.pump(link.server, link.client));
    link.pump(link.client, link.server);
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cut();
  }

  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      // It is gone, which was the aim.
      return;
    }
  }

  private static void daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** One connection, in two halves. */
  private final class Link {
    private final Socket client;
    private final Socket server;
    private volatile boolean isLost;
    private volatile boolean losesPublished;

    Link(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    void pump(Socket from, Socket to) {
      byte[] chunk = new byte[CHUNK];
      try {
        for (int n = from.getInputStream().read(chunk);
            n >= 0;
            n = from.getInputStream().read(chunk)) {
          if (delayMs > 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(delayMs));
          }
          isLost |= isSwallowing;
          boolean isDropped = losesPublished && isPublished(chunk, n);
          if (!isLost && !isDropped) {
            to.getOutputStream().write(chunk, 0, n);
          }
        }
      } catch (IOException e) {
        // Either end hung up, or this proxy did.
      } finally {
        close();
      }
    }

    /** Small messages come in a chunk of their own, or with others of their kind. */
    private static boolean isPublished(byte[] chunk, int length) {
      return new String(chunk, 0, length, StandardCharsets.ISO_8859_1).contains("\nmessage\r");
    }

    void close() {
      links.remove(this);
      reset(client);
      reset(server);
    }
  }
}
