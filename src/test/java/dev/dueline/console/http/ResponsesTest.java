package dev.dueline.console.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Answers that nobody takes have a bound in all, and are counted until then. */
class ResponsesTest {
  private static final Answer LARGE = Answer.of(200, "text/html", Buffer.buffer(new byte[6 << 20]));

  private final Responses responses = new Responses();
  private final List<Integer> statuses = new ArrayList<>();
  private final List<Promise<Void>> ends = new ArrayList<>();

  @Test
  void beyondTheBoundAnAnswerIsShort() {
    send();
    send();
    send();
    ends.get(0).fail("its connection ended");
    send();
    ends.get(1).complete();
    send();
    send();
    assertThat(statuses).containsExactly(200, 200, 503, 200, 200, 503);
  }

  private void send() {
    var unused = responses.send(request(), LARGE, false);
  }

  /** A request whose answer is taken when the test says so. */
  private HttpServerRequest request() {
    HttpServerResponse[] response = new HttpServerResponse[1];
    response[0] =
        proxy(
            HttpServerResponse.class,
            (name, argument) -> {
              switch (name) {
                case "ended", "closed":
                  return false;
                case "setStatusCode":
                  statuses.add((Integer) argument);
                  return response[0];
                case "end":
                  ends.add(Promise.promise());
                  return ends.get(ends.size() - 1).future();
                default:
                  return response[0];
              }
            });
    return proxy(
        HttpServerRequest.class,
        (name, argument) -> name.equals("isEnded") ? (Object) true : response[0]);
  }

  private interface Call {
    Object result(String name, Object argument);
  }

  private static <T> T proxy(Class<T> type, Call call) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) ->
                call.result(method.getName(), arguments == null ? "" : arguments[0])));
  }
}
