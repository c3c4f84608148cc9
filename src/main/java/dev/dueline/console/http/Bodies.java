package dev.dueline.console.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;

/** Reads the bodies of forms, no more of them at once than a number of bytes. One event loop. */
final class Bodies {
  private static final int MAX_TOTAL_BYTES = 8 << 20;

  private int held;

  /**
   * Reads a body, which is small or refused.
   *
   * @param max most bytes of it
   */
  void read(
      HttpServerRequest request,
      int max,
      Consumer<Parameters> read,
      Consumer<RefusedException> refused) {
    if (!"application/x-www-form-urlencoded".equals(mediaType(request))) {
      refused.accept(new RefusedException(415, "That is not what a form sends.", ""));
      return;
    }
    Body body = new Body(max);
    request.connection().closeHandler(closed -> body.release());
    request.handler(part -> body.add(part, refused));
    request.endHandler(
        end -> {
          String text = body.text.toString();
          body.release();
          if (!body.isRefused) {
            Parameters.parse(text)
                .ifPresentOrElse(
                    read,
                    () ->
                        refused.accept(
                            new RefusedException(
                                400, "The form is malformed, or has too many fields.", "")));
          }
        });
  }

  private static String mediaType(HttpServerRequest request) {
    String type = request.getHeader("Content-Type");
    return type == null ? "" : type.split(";", 2)[0].strip();
  }

  private final class Body {
    private final int max;
    private final Buffer text = Buffer.buffer();
    private int counted;
    private boolean isRefused;

    Body(int max) {
      this.max = max;
    }

    void add(Buffer part, Consumer<RefusedException> refused) {
      if (isRefused) {
        return;
      }
      if (text.length() + part.length() > max || held + part.length() > MAX_TOTAL_BYTES) {
        isRefused = true;
        release();
        refused.accept(new RefusedException(413, "The form is too large.", ""));
        return;
      }
      held += part.length();
      counted += part.length();
      text.appendBuffer(part);
    }

    void release() {
      held -= counted;
      counted = 0;
    }
  }
}
