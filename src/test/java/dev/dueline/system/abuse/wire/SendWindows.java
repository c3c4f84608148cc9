package dev.dueline.system.abuse.wire;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What the server lets a connection and its streams send. Thread-safe. */
final class SendWindows {
  private static final int BY_DEFAULT = 65_535;

  private final Map<Integer, Long> streams = new HashMap<>();
  private final Set<Integer> ended = new HashSet<>();
  private long connection = BY_DEFAULT;
  private long initial = BY_DEFAULT;
  private boolean isClosed;

  synchronized void initial(long bytes) {
    long change = bytes - initial;
    initial = bytes;
    streams.replaceAll((stream, window) -> window + change);
    notifyAll();
  }

  synchronized void update(int stream, int bytes) {
    if (stream == 0) {
      connection += bytes;
    } else {
      streams.merge(stream, initial + bytes, (window, all) -> window + bytes);
    }
    notifyAll();
  }

  synchronized void end(int stream) {
    ended.add(stream);
    streams.remove(stream);
    notifyAll();
  }

  synchronized void close() {
    isClosed = true;
    notifyAll();
  }

  /** Waits until the stream may send something; at most that much, 0: the stream has ended. */
  synchronized int take(int stream, int most) throws IOException, InterruptedException {
    while (true) {
      if (ended.contains(stream)) {
        return 0;
      }
      if (isClosed) {
        throw new IOException("the connection is closed");
      }
      long window = Math.min(connection, streams.getOrDefault(stream, initial));
      if (window > 0) {
        int taken = (int) Math.min(window, most);
        connection -= taken;
        streams.put(stream, streams.getOrDefault(stream, initial) - taken);
        return taken;
      }
      wait();
    }
  }
}
