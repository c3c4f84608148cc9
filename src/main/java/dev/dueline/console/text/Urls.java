package dev.dueline.console.text;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** URLs of pages: a path, and fields in the query, whatever characters they have. */
public final class Urls {
  private Urls() {}

  /**
   * A URL.
   *
   * @param fields names and values in turn; those whose value is empty are left out
   */
  public static String of(String path, String... fields) {
    StringBuilder url = new StringBuilder(path);
    char before = '?';
    for (int i = 0; i + 1 < fields.length; i += 2) {
      if (!fields[i + 1].isEmpty()) {
        url.append(before).append(fields[i]).append('=');
        url.append(URLEncoder.encode(fields[i + 1], StandardCharsets.UTF_8).replace("+", "%20"));
        before = '&';
      }
    }
    return url.toString();
  }
}
