package dev.dueline.system.abuse.attack;

import dev.dueline.system.abuse.wire.Counts;
import dev.dueline.system.abuse.wire.RawHttp2;
import dev.dueline.system.abuse.wire.Trait;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Runs one attack on threads of its own, and keeps account of its connections, so that all of them
 * can be ended at once. Thread-safe.
 */
public final class Attacker implements AutoCloseable {
  /** The last byte of the address that well clients come from: 127.0.0.1. */
  private static final int CLIENTS = 1;

  /** That of an attacker who comes from one address. */
  private static final int OWN = 2;

  /** What a server that refuses quickly must be left to do between two connections, ms. */
  private static final int PAUSE_MS = 2;

  private static final int STACK_BYTES = 256 << 10;

  /** For a call to be answered. */
  private static final Duration ANSWER = Duration.ofSeconds(5);

  /** For all threads together to end. */
  private static final long JOIN_MS = 10_000;

  /** For an attack to meet its bound, beyond its time, ns. */
  private static final long BOUND_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final Attack attack;
  private final Target target;
  private final long end;
  private final Counts counts = new Counts();
  private final Set<AutoCloseable> open = ConcurrentHashMap.newKeySet();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean isClosed;
  private volatile boolean isBounded;

  private Attacker(Attack attack, Target target, Duration length) {
    this.attack = attack;
    this.target = target;
    this.end = System.nanoTime() + length.toNanos();
  }

  /** Begins an attack. */
  public static Attacker start(Attack attack, Target target, Duration length) {
    Attacker attacker = new Attacker(attack, target, length);
    attacker.fork(() -> attack.body().run(attacker));
    return attacker;
  }

  /** What became of calls and connections. */
  public Counts counts() {
    return counts;
  }

  Target target() {
    return target;
  }

  /** Whether its time is over. */
  public boolean isOver() {
    long beyond = System.nanoTime() - end;
    return isClosed || beyond >= BOUND_NANOS || (beyond >= 0 && isBounded());
  }

  private boolean isBounded() {
    isBounded = isBounded || attack.isBounded(counts);
    return isBounded;
  }

  /** Waits until its time is over. */
  public void awaitEnd() throws InterruptedException {
    while (!isOver()) {
      Thread.sleep(PAUSE_MS * 10L);
    }
  }

  /** A connection that is held until the attack is closed. */
  RawHttp2 connect(Trait... traits) throws IOException {
    return connectFrom(attack.isBesideClients() ? CLIENTS : OWN, traits);
  }

  /** As {@link #connect}, from 127.0.0.HOST. */
  RawHttp2 connectFrom(int host, Trait... traits) throws IOException {
    return kept(RawHttp2.open(address(host), target.port(), Set.of(traits), counts));
  }

  /** A socket from 127.0.0.HOST on which nothing was sent, which is held as a connection is. */
  Socket socketFrom(int host) throws IOException {
    return kept(RawHttp2.socket(address(host), target.port()));
  }

  /** A socket to a port from its own address, which is held as a connection is. */
  Socket socketTo(int port) throws IOException {
    return kept(RawHttp2.socket(address(host()), port));
  }

  /** The last byte of its own address. */
  int host() {
    return attack.isBesideClients() ? CLIENTS : OWN;
  }

  /** Uses one connection after another, each until it is cut or the use is over. */
  void repeatedly(Use use, Trait... traits) throws InterruptedException {
    while (!isOver()) {
      RawHttp2 connection = null;
      try {
        connection = connect(traits);
        use.of(connection);
      } catch (IOException e) {
        counts.add(connection == null ? "not connected" : "cut while sending");
        Thread.sleep(PAUSE_MS);
      } finally {
        if (connection != null) {
          release(connection);
        }
      }
    }
  }

  /** Begins calls on so many connections, some at once on each, and waits for the last of these. */
  void calls(int connections, int atOnce, Begin call) {
    inParallel(
        connections,
        () ->
            repeatedly(
                connection -> {
                  while (!isOver()) {
                    int last = 0;
                    for (int i = 0; i < atOnce; i++) {
                      last = call.on(connection);
                    }
                    connection.outcome(last, ANSWER);
                  }
                }));
  }

  /** Does something in so many threads; does not wait for them. */
  void inParallel(int count, Task task) {
    for (int i = 0; i < count; i++) {
      fork(task);
    }
  }

  /** Ends a connection. */
  void release(AutoCloseable connection) {
    open.remove(connection);
    end(connection);
  }

  private synchronized void fork(Task task) {
    Thread thread = new Thread(null, () -> guarded(task), "attack " + attack.name(), STACK_BYTES);
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
  }

  private void guarded(Task task) {
    try {
      task.run();
    } catch (IOException e) {
      if (!isClosed) {
        counts.add("cut");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private <T extends AutoCloseable> T kept(T connection) {
    open.add(connection);
    if (isClosed) {
      release(connection);
    }
    return connection;
  }

  private static InetAddress address(int host) throws IOException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) host});
  }

  private static void end(AutoCloseable connection) {
    try {
      connection.close();
    } catch (Exception e) {
      // It is gone either way.
    }
  }

  /** Ends all connections, and the threads. */
  @Override
  public void close() throws InterruptedException {
    isClosed = true;
    open.forEach(Attacker::end);
    open.clear();
    List<Thread> all;
    synchronized (this) {
      all = List.copyOf(threads);
    }
    all.forEach(Thread::interrupt);
    long last = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(JOIN_MS);
    for (Thread thread : all) {
      thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(last - System.nanoTime())));
    }
    open.forEach(Attacker::end);
  }

  /** What a thread of an attack does. */
  @FunctionalInterface
  interface Task {
    void run() throws IOException, InterruptedException;
  }

  /** What begins a call. */
  @FunctionalInterface
  interface Begin {
    /** Gives its stream. */
    int on(RawHttp2 connection) throws IOException, InterruptedException;
  }

  /** What is done on a connection. */
  @FunctionalInterface
  interface Use {
    void of(RawHttp2 connection) throws IOException, InterruptedException;
  }
}
