package dev.dueline.console.http;

import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a request is answered.
 *
 * @param headers beside those that all answers have
 */
public record Answer(int status, Map<String, String> headers, Buffer body) {
  private static final int OK = 200;
  private static final int SEE_OTHER = 303;

  /** A body of a type. */
  public static Answer of(int status, String contentType, Buffer body) {
    return new Answer(status, Map.of("Content-Type", contentType), body);
  }

  /** A page. */
  public static Answer html(int status, String html) {
    return of(status, "text/html; charset=utf-8", Buffer.buffer(html));
  }

  /** A line of plain text. */
  static Answer text(int status, String line) {
    return of(status, "text/plain; charset=utf-8", Buffer.buffer(line + "\n"));
  }

  /** What scripts read. */
  public static Answer json(String json) {
    return of(OK, "application/json", Buffer.buffer(json));
  }

  /** Sends the browser to another page of the console. */
  public static Answer seeOther(String location) {
    return new Answer(SEE_OTHER, Map.of("Location", location), Buffer.buffer());
  }

  /** The same with one more header. */
  public Answer with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Answer(status, more, body);
  }
}
