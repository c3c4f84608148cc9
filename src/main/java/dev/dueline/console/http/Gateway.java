package dev.dueline.console.http;

import dev.dueline.access.Authenticator;
import dev.dueline.access.FailedAuthentications;
import dev.dueline.access.Usage;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Lets requests in, and sends their answers: who asks comes first, and what is refused costs a look
 * at headers. Of one event loop.
 */
public final class Gateway implements Handler<HttpServerRequest> {
  private static final String LOGIN = "/login";
  private static final int MAX_LOGIN_BYTES = 16 << 10;
  private static final int MAX_FORM_BYTES = 1 << 20;

  /** Sign-in and refusals that are rendered at once: who is known waits for no more strangers. */
  private static final int MAX_FALLBACKS = 16;

  /** Requests that are answered at once, until their answers are taken. */
  private static final int MAX_UNDER_WAY = 32;

  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  private final Identity identity;
  private final Assets assets;
  private final Endpoints endpoints;
  private final FallbackPages pages;
  private final InstantSource clock;
  private final Bodies bodies = new Bodies();
  private final Responses responses = new Responses();
  private int fallbacks;
  private int underWay;

  /**
   * What holds for all callers.
   *
   * @param isOpen whether nobody is asked who they are
   * @param host the name, beside addresses and localhost, that an open console may be asked for by
   * @param hidesPayloads whether nobody may see payloads
   * @param secret 32 bytes, the same at all replicas, under which cookies are sealed
   * @param session how long a cookie holds
   * @param failures counts wrong tokens and cookies
   * @param usage counts requests, with the calls that the same principals make elsewhere
   */
  public record Rules(
      boolean isOpen,
      String host,
      boolean hidesPayloads,
      byte[] secret,
      Duration session,
      FailedAuthentications failures,
      Usage usage) {}

  /** Lets in whom an authenticator knows. */
  public static Gateway of(
      Authenticator authenticator,
      Rules rules,
      Assets assets,
      Endpoints endpoints,
      FallbackPages pages,
      InstantSource clock) {
    return new Gateway(new Identity(authenticator, rules, clock), assets, endpoints, pages, clock);
  }

  private Gateway(
      Identity identity,
      Assets assets,
      Endpoints endpoints,
      FallbackPages pages,
      InstantSource clock) {
    this.identity = identity;
    this.assets = assets;
    this.endpoints = endpoints;
    this.pages = pages;
    this.clock = clock;
  }

  @Override
  public void handle(HttpServerRequest http) {
    String path = String.valueOf(http.path());
    boolean isPost = http.method().equals(HttpMethod.POST);
    if (!isPost && !http.method().equals(HttpMethod.GET)) {
      refuse(http, Optional.empty(), new RefusedException(405, "Only GET and POST are known.", ""));
    } else if (path.startsWith(Assets.PREFIX) && !isPost) {
      assets
          .find(path)
          .ifPresentOrElse(
              file -> send(http, file), () -> refuse(http, Optional.empty(), notFound()));
    } else if (identity.isByForeignName(http)) {
      refuse(
          http,
          Optional.empty(),
          new RefusedException(
              421,
              "Nobody is asked here who they are, so the console answers by addresses, localhost"
                  + " and the name that is its dueline.console.host only.",
              "Open it by its address."));
    } else if (isPost
        ? !Origin.isOwn(http)
        : path.equals(EventStreams.PATH) && Origin.isForeign(http)) {
      refuse(
          http,
          Optional.empty(),
          new RefusedException(
              403, "This request comes from another site.", "Do it from a page of the console."));
    } else {
      identify(http, path, isPost);
    }
  }

  private void identify(HttpServerRequest http, String path, boolean isPost) {
    if (path.equals(LOGIN)) {
      login(http, isPost);
      return;
    }
    Optional<Caller> caller = identity.of(http);
    if (caller.isEmpty()) {
      turnAway(http, path, isPost);
      return;
    }
    long waitMs = identity.waitMs(caller.get());
    if (waitMs > 0) {
      refuse(
          http,
          caller,
          new RefusedException(429, "You ask more often than you may.", "Wait a moment."));
    } else if (isPost && path.equals("/logout")) {
      http.response().addCookie(identity.signedOut(http));
      send(http, Answer.seeOther(LOGIN));
    } else if (path.equals(EventStreams.PATH)) {
      endpoints.events().open(http);
    } else {
      route(http, caller.get(), path, isPost);
    }
  }

  private void turnAway(HttpServerRequest http, String path, boolean isPost) {
    if (!identity.mayGoOn(http)) {
      refuse(http, Optional.empty(), tooManyFailures());
    } else if (isPost || path.equals(EventStreams.PATH)) {
      refuse(
          http,
          Optional.empty(),
          new RefusedException(401, "It is not known who you are.", "Sign in."));
    } else {
      send(http, Answer.seeOther(LOGIN + "?next=" + encode(http.uri())));
    }
  }

  private void login(HttpServerRequest http, boolean isPost) {
    if (!isPost) {
      Parameters query = Parameters.parse(query(http)).orElse(Parameters.NONE);
      Answer plain = Answer.text(503, "Too many pages are being made. Load this one again.");
      fallBack(http, pages.login(ownPath(query.get("next")), false), plain, false);
      return;
    }
    bodies.read(
        http,
        MAX_LOGIN_BYTES,
        form -> signIn(http, form.get("token"), ownPath(form.get("next"))),
        refused -> refuse(http, Optional.empty(), refused));
  }

  private void signIn(HttpServerRequest http, String token, String next) {
    Optional<Cookie> cookie = identity.signedIn(token, http);
    if (cookie.isPresent()) {
      http.response().addCookie(cookie.get());
      send(http, Answer.seeOther(next));
    } else if (identity.mayFail(http)) {
      fallBack(
          http, pages.login(next, true), Answer.text(401, "This token is not known here."), false);
    } else {
      refuse(http, Optional.empty(), tooManyFailures());
    }
  }

  private void route(HttpServerRequest http, Caller caller, String path, boolean isPost) {
    Optional<Endpoint> endpoint = endpoints.find(path, isPost);
    Optional<Parameters> query = Parameters.parse(query(http));
    if (endpoint.isEmpty()) {
      refuse(http, Optional.of(caller), notFound());
    } else if (query.isEmpty()) {
      refuse(
          http,
          Optional.of(caller),
          new RefusedException(400, "This address is malformed.", "Start from the overview."));
    } else if (isPost) {
      bodies.read(
          http,
          MAX_FORM_BYTES,
          form ->
              answer(
                  http,
                  endpoint.get(),
                  new Request(caller, path, query.get(), form, clock.millis())),
          refused -> refuse(http, Optional.of(caller), refused));
    } else {
      answer(
          http,
          endpoint.get(),
          new Request(caller, path, query.get(), Parameters.NONE, clock.millis()));
    }
  }

  private void answer(HttpServerRequest http, Endpoint endpoint, Request request) {
    if (underWay >= MAX_UNDER_WAY) {
      refuse(
          http,
          Optional.of(request.caller()),
          new RefusedException(503, "Too many pages are being made.", "Load this one again."));
      return;
    }
    Context context = Vertx.currentContext();
    underWay++;
    Uni.createFrom()
        .deferred(() -> endpoint.answer(request))
        .ifNoItem()
        .after(TIMEOUT)
        .fail()
        .onFailure()
        .recoverWithUni(failure -> pages.failed(Optional.of(request.caller()), failure))
        .subscribe()
        .with(
            answer ->
                context.runOnContext(
                    done -> responses.send(http, answer, false).onComplete(taken -> underWay--)));
  }

  private void refuse(HttpServerRequest http, Optional<Caller> caller, RefusedException refusal) {
    Answer plain = Answer.text(refusal.status(), refusal.getMessage() + " " + refusal.remedy());
    // What comes of its body is not read; a GET has none, and who mistyped an address goes on.
    boolean isLast = refusal.status() != 404 || !http.method().equals(HttpMethod.GET);
    fallBack(http, pages.failed(caller, refusal), plain, isLast);
  }

  private static RefusedException notFound() {
    return new RefusedException(404, "There is no such page.", "Start from the overview.");
  }

  private static RefusedException tooManyFailures() {
    return new RefusedException(
        429, "Too many wrong tokens came from your address.", "Wait a minute.");
  }

  /**
   * Sends a page that comes from no endpoint.
   *
   * @param plain sent in its place where too many are being rendered
   * @param isLast whether the connection ends with it
   */
  private void fallBack(HttpServerRequest http, Uni<Answer> page, Answer plain, boolean isLast) {
    if (fallbacks >= MAX_FALLBACKS) {
      var unused = responses.send(http, plain, isLast);
      return;
    }
    Context context = Vertx.currentContext();
    fallbacks++;
    page.onFailure()
        .recoverWithItem(plain)
        .subscribe()
        .with(
            made ->
                context.runOnContext(
                    done -> {
                      fallbacks--;
                      var unused = responses.send(http, made, isLast);
                    }));
  }

  private void send(HttpServerRequest http, Answer answer) {
    var unused = responses.send(http, answer, false);
  }

  private static String query(HttpServerRequest http) {
    return http.query() == null ? "" : http.query();
  }

  /** A path of the console, whatever was asked for: a URL could take people to another site. */
  private static String ownPath(String next) {
    boolean isOwn =
        next.matches("/[\\x21-\\x7e&&[^\\\\]]*") && !next.startsWith("//") && !next.equals(LOGIN);
    return isOwn ? next : "/";
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
