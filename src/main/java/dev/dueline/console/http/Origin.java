package dev.dueline.console.http;

import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** From where a request comes, as far as browsers tell. */
final class Origin {
  /** What no other site can have resolved to here: addresses, and the name of this machine. */
  private static final Pattern UNRESOLVED =
      Pattern.compile("(localhost|[0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?");

  private Origin() {}

  /**
   * Whether a page of the console sent it: by the word of the browser, or, of one that says
   * nothing, by the origin that it names. What says neither is refused.
   */
  static boolean isOwn(HttpServerRequest request) {
    String site = request.getHeader("Sec-Fetch-Site");
    if (site != null) {
      return site.equals("same-origin");
    }
    String origin = request.getHeader("Origin");
    String host = request.getHeader("Host");
    return origin != null && host != null && host.equalsIgnoreCase(authority(origin));
  }

  /**
   * Whether the browser names another site as that which sent it. Over HTTP to another machine it
   * names none for a GET of a page's own.
   */
  static boolean isForeign(HttpServerRequest request) {
    boolean isSaid =
        request.getHeader("Sec-Fetch-Site") != null || request.getHeader("Origin") != null;
    return isSaid && !isOwn(request);
  }

  /**
   * Whether it was asked for by an address or a name that are its own, and not by one that another
   * site has had lead here.
   *
   * @param own the name that is configured
   */
  static boolean isByOwnName(HttpServerRequest request, String own) {
    String host = request.getHeader("Host");
    return host != null
        && (UNRESOLVED.matcher(host).matches()
            || host.replaceFirst(":[0-9]{1,5}$", "").equalsIgnoreCase(own));
  }

  /** Whether the browser speaks TLS, to what is in front. */
  static boolean isByTls(HttpServerRequest request) {
    String origin = request.getHeader("Origin");
    return origin != null && origin.startsWith("https://");
  }

  private static @Nullable String authority(String origin) {
    try {
      return new URI(origin).getRawAuthority();
    } catch (URISyntaxException e) {
      return null;
    }
  }
}
