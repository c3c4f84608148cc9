package dev.dueline.console.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Map;

/**
 * Sends answers. Of what nobody takes from its connection no more than a number of bytes waits in
 * all; beyond it an answer becomes a short 503. A body that goes on when its request is answered is
 * read for a moment only, and for nothing. One event loop.
 */
final class Responses {
  /** What every answer has. */
  static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
              + " connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
          "X-Frame-Options",
          "DENY",
          "X-Content-Type-Options",
          "nosniff",
          "Referrer-Policy",
          "same-origin",
          "Cross-Origin-Opener-Policy",
          "same-origin",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "Cache-Control",
          "no-store");

  /** Two of the largest pages, which show a refused form of 1 MiB with each character escaped. */
  private static final int MAX_WAITING_BYTES = 16 << 20;

  /** For a sender that reads the answer once all of its body is sent, as browsers do. */
  private static final long LINGER_MS = 1_000;

  private static final String TOO_MANY = "Too many pages wait to be taken. Load this one again.";

  private int waitingBytes;

  /**
   * Sends an answer; the future ends once all of it is with the system, or its connection ends.
   *
   * @param isLast whether it is the last of its connection
   */
  Future<Void> send(HttpServerRequest http, Answer answer, boolean isLast) {
    HttpServerResponse response = http.response();
    if (response.ended() || response.closed()) {
      return Future.succeededFuture();
    }
    if (isLast) {
      response.putHeader("Connection", "close");
    }
    int length = answer.body().length();
    Future<Void> written;
    if (waitingBytes + length > MAX_WAITING_BYTES) {
      written = write(response, Answer.text(503, TOO_MANY));
    } else {
      waitingBytes += length;
      written = write(response, answer).onComplete(taken -> waitingBytes -= length);
    }
    return written.onSuccess(taken -> finish(http, isLast));
  }

  private static void finish(HttpServerRequest http, boolean isLast) {
    if (!http.isEnded()) {
      Vertx timers = Vertx.currentContext().owner();
      long late = timers.setTimer(LINGER_MS, timer -> http.connection().close());
      http.endHandler(
          end -> {
            timers.cancelTimer(late);
            closeIf(isLast, http);
          });
    } else {
      closeIf(isLast, http);
    }
  }

  private static void closeIf(boolean isLast, HttpServerRequest http) {
    if (isLast) {
      http.connection().close();
    }
  }

  private static Future<Void> write(HttpServerResponse response, Answer answer) {
    HEADERS.forEach(response::putHeader);
    answer.headers().forEach(response::putHeader);
    return response.setStatusCode(answer.status()).end(answer.body());
  }
}
