package dev.dueline.console.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The open streams of server-sent events, up to a number: one more ends the oldest. Each tab has
 * one; it ends with its connection, and comes again by itself. Any thread.
 */
public final class EventStreams {
  /** Where they are asked for. */
  public static final String PATH = "/events";

  private static final int MAX = 48;

  /** Bytes that wait for a tab that does not read; beyond it the stream ends. */
  private static final int MAX_WAITING_BYTES = 4 << 10;

  private final Set<HttpServerResponse> open = new LinkedHashSet<>();
  private volatile Runnable opened = () -> {};

  /** Has something done whenever a stream has begun, on its event loop. */
  public void onOpen(Runnable task) {
    opened = task;
  }

  /** Begins a stream. */
  void open(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    Responses.HEADERS.forEach(response::putHeader);
    response
        .putHeader("Content-Type", "text/event-stream")
        .putHeader("X-Accel-Buffering", "no")
        .setChunked(true)
        .setWriteQueueMaxSize(MAX_WAITING_BYTES)
        .closeHandler(closed -> remove(response));
    add(response);
    response.write("retry: 2000\n\n");
    opened.run();
  }

  /** Whether nobody listens. */
  public synchronized boolean isEmpty() {
    return open.isEmpty();
  }

  /** Tells all of an event; one that has not read what it was told before has its stream ended. */
  public void tell(String event, String data) {
    List<HttpServerResponse> all;
    synchronized (this) {
      all = new ArrayList<>(open);
    }
    for (HttpServerResponse response : all) {
      if (response.writeQueueFull()) {
        end(response);
      } else {
        response.write("event: " + event + "\ndata: " + data + "\n\n");
      }
    }
  }

  private void add(HttpServerResponse response) {
    HttpServerResponse oldest = null;
    synchronized (this) {
      if (open.size() >= MAX) {
        oldest = open.iterator().next();
      }
      open.add(response);
    }
    if (oldest != null) {
      end(oldest);
    }
  }

  private void end(HttpServerResponse response) {
    remove(response);
    response.close();
  }

  private synchronized void remove(HttpServerResponse response) {
    open.remove(response);
  }
}
