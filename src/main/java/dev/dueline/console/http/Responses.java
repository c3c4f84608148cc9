package dev.dueline.console.http;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Map;

/**
 * Sends answers. Of what nobody takes from its connection no more than a number of bytes waits in
 * all; beyond it an answer becomes a short 503. One event loop.
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

  private static final String TOO_MANY = "Too many pages wait to be taken. Load this one again.\n";

  private int waitingBytes;

  /** Sends an answer; the future ends once all of it is with the system, or its connection ends. */
  Future<Void> send(HttpServerRequest http, Answer answer) {
    HttpServerResponse response = http.response();
    if (response.ended() || response.closed()) {
      return Future.succeededFuture();
    }
    int length = answer.body().length();
    if (waitingBytes + length > MAX_WAITING_BYTES) {
      return write(response, tooMany());
    }
    waitingBytes += length;
    return write(response, answer).onComplete(taken -> waitingBytes -= length);
  }

  /** Made anew each time: a native image cannot hold a buffer in a constant. */
  private static Answer tooMany() {
    return Answer.of(503, "text/plain; charset=utf-8", Buffer.buffer(TOO_MANY));
  }

  private static Future<Void> write(HttpServerResponse response, Answer answer) {
    HEADERS.forEach(response::putHeader);
    answer.headers().forEach(response::putHeader);
    return response.setStatusCode(answer.status()).end(answer.body());
  }
}
