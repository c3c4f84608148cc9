package dev.dueline.console.http;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/**
 * The static files, each under a URL that changes with its bytes, so that browsers keep them for
 * good. Read once, compressed in memory.
 */
public final class Assets {
  /** Where URLs of static files begin. */
  static final String PREFIX = "/static/";

  private static final String OWN = "console/";
  private static final String UPLOT = "META-INF/resources/webjars/uplot/1.6.30/dist/";

  /** Where each file lies on the class path. */
  private static final Map<String, String> FILES =
      Map.of(
          "console.css", OWN,
          "console.js", OWN,
          "icon.svg", OWN,
          "uPlot.iife.min.js", UPLOT,
          "uPlot.min.css", UPLOT);

  private static final Map<String, String> TYPES =
      Map.of(
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");

  private static final int HASH_CHARACTERS = 16;

  private final Map<String, String> urls = new HashMap<>();
  private final Map<String, Answer> byUrl = new HashMap<>();

  /** Reads all files. */
  public Assets() {
    FILES.forEach((name, folder) -> add(name, read(folder + name)));
  }

  /** The URL of each file by its name. */
  public Map<String, String> urls() {
    return Map.copyOf(urls);
  }

  /** A file; empty: there is none of that URL. */
  Optional<Answer> find(String path) {
    return Optional.ofNullable(byUrl.get(path));
  }

  private void add(String name, byte[] bytes) {
    String url = PREFIX + hash(bytes) + "/" + name;
    urls.put(name, url);
    byUrl.put(
        url,
        Answer.of(
                200,
                TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), ""),
                Buffer.buffer(zip(bytes)))
            .with("Content-Encoding", "gzip")
            .with("Cache-Control", "public, max-age=31536000, immutable"));
  }

  private static byte[] read(String path) {
    try (InputStream file = Assets.class.getClassLoader().getResourceAsStream(path)) {
      if (file == null) {
        throw new IllegalStateException("not on the class path: " + path);
      }
      return file.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] zip(byte[] bytes) {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return zipped.toByteArray();
  }

  private static String hash(byte[] bytes) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(hash).substring(0, HASH_CHARACTERS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
