package dev.dueline.console.render;

import dev.dueline.text.EscapedText;
import io.quarkus.qute.Engine;
import io.quarkus.qute.HtmlEscaper;
import io.quarkus.qute.ReflectionValueResolver;
import io.quarkus.qute.TemplateLocator.TemplateLocation;
import io.quarkus.qute.ValueResolver;
import io.quarkus.qute.Variant;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The templates, {@code templates/console/NAME.html}. What they put out is escaped for HTML, and a
 * name that a view does not have fails the page. Each is read when it is first needed. Any thread.
 */
public final class Templates {
  private static final String FOLDER = "templates/console/";

  private final Engine engine =
      Engine.builder()
          .addDefaults()
          .addValueResolver(grouped())
          .addValueResolver(visible())
          .addValueResolver(shell())
          .addValueResolver(new ReflectionValueResolver())
          .addResultMapper(new HtmlEscaper(List.of(Variant.TEXT_HTML)))
          .addLocator(Templates::locate)
          .strictRendering(true)
          .build();

  /** The page that a template makes of a view. */
  public String render(String name, Object frame, Object view) {
    return engine.getTemplate(name).data("page", frame).data("view", view).render();
  }

  /** A number with commas between thousands. */
  private static ValueResolver grouped() {
    return ValueResolver.builder()
        .applyToBaseClass(Number.class)
        .applyToName("grouped")
        .resolveSync(of -> String.format(Locale.ROOT, "%,d", ((Number) of.getBase()).longValue()))
        .build();
  }

  /** A text of a client, whose characters that cannot be seen, or turn others round, are shown. */
  private static ValueResolver visible() {
    return ValueResolver.builder()
        .applyToBaseClass(String.class)
        .applyToName("visible")
        .resolveSync(of -> visible((String) of.getBase()))
        .build();
  }

  /** A text of a client as a word of a command, to be copied into a terminal. */
  private static ValueResolver shell() {
    return ValueResolver.builder()
        .applyToBaseClass(String.class)
        .applyToName("shell")
        .resolveSync(of -> ShellWord.of((String) of.getBase()))
        .build();
  }

  static String visible(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            point -> {
              if (isUnseen(point)) {
                String hex = Integer.toHexString(point).toUpperCase(Locale.ROOT);
                shown.append("\\u").append("0".repeat(Math.max(0, 4 - hex.length()))).append(hex);
              } else {
                shown.appendCodePoint(point);
              }
            });
    return shown.toString();
  }

  private static boolean isUnseen(int point) {
    return !EscapedText.isPrintable(point) && point != '\n' && point != '\t';
  }

  private static Optional<TemplateLocation> locate(String name) {
    InputStream file =
        Templates.class.getClassLoader().getResourceAsStream(FOLDER + name + ".html");
    return Optional.ofNullable(file).map(Html::new);
  }

  private record Html(InputStream file) implements TemplateLocation {
    @Override
    public Reader read() {
      return new InputStreamReader(file, StandardCharsets.UTF_8);
    }

    @Override
    public Optional<Variant> getVariant() {
      return Optional.of(Variant.forContentType(Variant.TEXT_HTML));
    }
  }
}
