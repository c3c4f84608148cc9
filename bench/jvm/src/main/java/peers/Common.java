package peers;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Arguments (key=value), the 100-byte payload, and the account of deliveries. */
final class Common {
  private static final Map<String, String> ARGS = new HashMap<>();
  static int n;
  static int wn;
  private static long t0;
  private static double cpu0;

  private Common() {}

  static void init(String[] argv) {
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "error");
    for (int i = 1; i < argv.length; i++) {
      int eq = argv[i].indexOf('=');
      ARGS.put(argv[i].substring(0, eq), argv[i].substring(eq + 1));
    }
    n = (int) num("n", 1000);
  }

  static String arg(String k, String d) {
    return ARGS.getOrDefault(k, d);
  }

  static double num(String k, double d) {
    return ARGS.containsKey(k) ? Double.parseDouble(ARGS.get(k)) : d;
  }

  static boolean bulk() {
    return arg("mode", "bulk").equals("bulk");
  }

  static double cpu() {
    var os = (com.sun.management.OperatingSystemMXBean) java.lang.management.ManagementFactory.getOperatingSystemMXBean();
    return os.getProcessCpuTime() / 1e9;
  }

  static double nowMs() {
    var t = java.time.Instant.now();
    return t.getEpochSecond() * 1e3 + t.getNano() / 1e6;
  }

  /** Call when ready to send: t0=, or lead= seconds from now. Returns how many jobs to send. */
  static int plan() {
    wn = (int) num("wn", 0);
    t0 = (long) num("t0", 0);
    if (t0 == 0) t0 = (long) (nowMs() + num("lead", 5) * 1000);
    cpu0 = cpu();
    return n + wn;
  }

  /** The first wn= are warm-up, due at 500/s in the seconds before t0; then n measured ones at t0 + k/rate. */
  static long due(int i) {
    double rate = num("rate", 0);
    return i < wn ? t0 - 3000 + 2L * i : t0 + (rate == 0 ? 0 : (long) ((i - wn) * 1000.0 / rate));
  }

  static String payload(int i) {
    String s = (i < wn ? "w|" : "m|") + pad(i < wn ? i : i - wn) + "|" + due(i) + ".000|";
    return s + "x".repeat(100 - s.length());
  }

  /** Of a job, 16 characters. */
  static String id(int i) {
    String number = Integer.toString(i);
    return arg("tag", "m") + "0".repeat(15 - number.length()) + number;
  }

  private static String pad(int i) {
    String s = Integer.toString(i);
    return "0".repeat(10 - s.length()) + s;
  }

  /** Times body(i) for 0..n-1 on conc threads, after a warm-up of warmup(i) that is not counted. */
  interface Body {
    void run(int i) throws Exception;
  }

  static double parallel(int conc, int count, Body b) throws Exception {
    AtomicLong next = new AtomicLong();
    Thread[] ts = new Thread[conc];
    double start = nowMs();
    for (int k = 0; k < conc; k++) {
      ts[k] = new Thread(() -> {
        try {
          for (long i; (i = next.getAndIncrement()) < count; ) b.run((int) i);
        } catch (Exception e) {
          e.printStackTrace();
          System.exit(3);
        }
      });
      ts[k].start();
    }
    for (Thread t : ts) t.join();
    return (nowMs() - start) / 1e3;
  }

  /** Says that the warm-up is over, and waits for a line, so that the rig can read the server's CPU time. */
  static void warm() throws java.io.IOException {
    if (num("warmup", 0) == 0) return;
    System.out.println("WARM");
    for (int c = 0; c >= 0 && c != '\n'; ) c = System.in.read();
  }

  static void scheduled(double secs) {
    System.out.printf(Locale.ROOT, "{\"n\":%d,\"secs\":%.4f,\"spare_ms\":%.0f,\"client_cpu\":%.3f}%n", n + wn, secs, t0 - nowMs(),
        cpu() - cpu0);
  }

  /** What was delivered; acked() is called when the peer has removed or finished the job. */
  static final class Account {
    private final double[] late = new double[n + 1];
    private final BitSet seen = new BitSet();
    private final double start = nowMs();
    private int uniq, dup, early, warm, acked;
    private double first, t20, last, c0, c1;
    private final CountDownLatch over = new CountDownLatch(1);

    boolean delivered(String p) {
      double now = nowMs();
      String[] f = p.split("\\|");
      synchronized (this) {
        if (!f[0].equals("m")) {
          warm++;
          return false;
        }
        int i = Integer.parseInt(f[1]);
        if (seen.get(i)) {
          dup++;
          return false;
        }
        seen.set(i);
        double l = now - Double.parseDouble(f[2]);
        if (l < -0.5) early++;
        late[uniq++] = l;
        if (uniq == 1) {
          first = now;
          c0 = cpu();
        }
        if (uniq == n / 5) t20 = now;
        return true;
      }
    }

    synchronized void acked() {
      if (++acked == n) {
        last = nowMs();
        c1 = cpu();
        Thread t = new Thread(() -> {
          try {
            Thread.sleep(500);
          } catch (InterruptedException e) {
            return;
          }
          over.countDown();
        });
        t.setDaemon(true);
        t.start();
      }
    }

    /** Waits until all are acknowledged, the deadline passes, or our stdin closes; then prints and exits. */
    void await(Callable<Void> started) throws Exception {
      started.call();
      System.out.println("READY");
      Thread t = new Thread(() -> {
        try {
          while (System.in.read() >= 0) { }
        } catch (Exception e) {
          // closed
        }
        over.countDown();
      });
      t.setDaemon(true);
      t.start();
      over.await((long) num("deadline", 60), TimeUnit.SECONDS);
      synchronized (this) {
        if (last == 0) {
          last = nowMs();
          c1 = cpu();
        }
        double[] s = Arrays.copyOf(late, uniq);
        Arrays.sort(s);
        System.out.printf(Locale.ROOT,
            "{\"n\":%d,\"uniq\":%d,\"dup\":%d,\"early\":%d,\"warm\":%d,\"client_cpu\":%.3f,\"secs\":%.4f,\"from_start\":%.4f,"
                + "\"steady\":%.1f,\"p50\":%.2f,\"p90\":%.2f,\"p99\":%.2f,\"max\":%.2f,\"min\":%.2f}%n",
            n, uniq, dup, early, warm, c1 - c0, uniq == 0 ? 0 : (last - first) / 1e3, (last - start) / 1e3,
            t20 == 0 ? 0 : (uniq - n / 5) / ((last - t20) / 1e3), q(s, .5), q(s, .9), q(s, .99), q(s, 1), q(s, 0));
        System.out.flush();
      }
      Runtime.getRuntime().halt(0);
    }

    private static double q(double[] s, double f) {
      return s.length == 0 ? -1 : s[(int) ((s.length - 1) * f)];
    }
  }
}
