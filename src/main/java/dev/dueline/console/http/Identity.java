package dev.dueline.console.http;

import dev.dueline.access.Authenticator;
import dev.dueline.access.CertificateName;
import dev.dueline.access.CertificateNames;
import dev.dueline.access.Credentials;
import dev.dueline.access.PeerAddress;
import dev.dueline.access.Principal;
import dev.dueline.console.http.Gateway.Rules;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSession;

/**
 * Tells who asks: by the token of its authorization, which a proxy may add, or else by the cookie
 * of who signed in, or else by a client certificate; and how often an address may be wrong about
 * that.
 */
final class Identity {
  private static final String COOKIE = "dueline";
  private static final String SCHEME = "bearer ";

  private final Authenticator authenticator;
  private final SignIn signIn;
  private final Rules rules;
  private final InstantSource clock;

  Identity(Authenticator authenticator, Rules rules, InstantSource clock) {
    this.authenticator = authenticator;
    this.signIn = new SignIn(rules.secret(), rules.session());
    this.rules = rules;
    this.clock = clock;
  }

  /** Whether another site may have had its name resolved to here. */
  boolean isByForeignName(HttpServerRequest request) {
    return rules.isOpen() && !Origin.isByOwnName(request, rules.host());
  }

  /** Who asks; empty: nobody who is known. */
  Optional<Caller> of(HttpServerRequest request) {
    String authorization = request.getHeader("Authorization");
    Cookie cookie = request.getCookie(COOKIE);
    Optional<String> signedIn =
        authorization == null && cookie != null && !rules.isOpen()
            ? signIn.open(cookie.getValue(), clock.millis())
            : Optional.empty();
    String token = authorization == null ? signedIn.orElse(null) : bearer(authorization);
    return authenticator
        .authenticate(new Credentials(token, certificateNames(request)))
        .map(principal -> caller(principal, signedIn.isPresent()));
  }

  private static List<CertificateName> certificateNames(HttpServerRequest request) {
    SSLSession session = request.sslSession();
    return session == null ? List.of() : CertificateNames.of(session);
  }

  /** Counts the wrong credentials of a stranger, if it has any; whether it may go on like that. */
  boolean mayGoOn(HttpServerRequest request) {
    boolean isWrong =
        request.getHeader("Authorization") != null || request.getCookie(COOKIE) != null;
    return !isWrong || mayFail(request);
  }

  /** Counts a wrong token; whether its sender may go on like that. */
  boolean mayFail(HttpServerRequest request) {
    SocketAddress remote = request.remoteAddress();
    // A number, so that no name is looked up.
    return rules
        .failures()
        .mayGoOn(PeerAddress.of(new InetSocketAddress(remote.hostAddress(), remote.port())));
  }

  /** How many ms the caller has to wait for his next request; 0: none, and it is counted. */
  long waitMs(Caller caller) {
    return rules.usage().callOrWaitMs(caller.principal());
  }

  /** The cookie of somebody who signs in with a token; empty: it is nobody's. */
  Optional<Cookie> signedIn(String token, HttpServerRequest request) {
    if (token.isEmpty() || token.length() > SignIn.MAX_TOKEN_BYTES) {
      return Optional.empty();
    }
    return authenticator
        .authenticate(new Credentials(token, List.of()))
        .map(principal -> cookie(signIn.seal(token, clock.millis()), request))
        .map(cookie -> cookie.setMaxAge(signIn.length().toSeconds()));
  }

  /** The cookie that takes that one back. */
  Cookie signedOut(HttpServerRequest request) {
    return cookie("", request).setMaxAge(0);
  }

  private static Cookie cookie(String value, HttpServerRequest request) {
    return Cookie.cookie(COOKIE, value)
        .setPath("/")
        .setHttpOnly(true)
        .setSameSite(CookieSameSite.STRICT)
        .setSecure(request.isSSL() || Origin.isByTls(request));
  }

  private Caller caller(Principal principal, boolean isSignedIn) {
    return new Caller(principal, rules.isOpen(), isSignedIn, rules.hidesPayloads());
  }

  /** The token; of another scheme a text that is no token. */
  private static String bearer(String authorization) {
    boolean isBearer = authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    return isBearer ? authorization.substring(SCHEME.length()).strip() : "";
  }
}
