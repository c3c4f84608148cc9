package dev.dueline.text;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is printed of an id is an argument that means that id. */
class EscapedTextTest {
  private static final String PARTS = "-@ a'\"\\{}\u202E\u2066\u200B\u2028\uFEFFé日😀u2d%$";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "order:1 of 2 | order:1 of 2",
        "@a           | @a",
        "it's \"x\"   | it's \"x\"",
        "é日😀        | é日😀",
        "-a-b         | \\u{2d}a-b",
        "--           | \\u{2d}-",
        "~ a ~        | \\u{20}a\\u{20}",
        "a\\b         | a\\b",
        "a\\u{62}     | a\\u{5c}u{62}",
      })
  void printsWhatCanBeSeenAsItIs(String id, String text) {
    assertThat(EscapedText.format(id, UTF_8)).isEqualTo(text);
    assertThat(EscapedText.parse(text)).isEqualTo(id);
  }

  @Test
  void escapesWhatCannotBeSeenOrGivenBack() {
    assertThat(EscapedText.format("a\u202Eb\u2066c\u200B", UTF_8))
        .isEqualTo("a\\u{202e}b\\u{2066}c\\u{200b}");
    assertThat(EscapedText.format("a\u00A0b\u034F\u3164\u3000\uFE0F", UTF_8))
        .isEqualTo("a\\u{a0}b\\u{34f}\\u{3164}\\u{3000}\\u{fe0f}");
    assertThat(EscapedText.format("é😀", US_ASCII)).isEqualTo("\\u{e9}\\u{1f600}");
    assertThat(EscapedText.parse("\\u{110000}\\u{}\\u{zz}\\x"))
        .isEqualTo("\\u{110000}\\u{}\\u{zz}\\x");
  }

  @Test
  void whateverIsPrintedMeansTheSameAgain() {
    SplittableRandom random = new SplittableRandom(7);
    int[] parts = PARTS.codePoints().toArray();
    for (int i = 0; i < 20_000; i++) {
      StringBuilder id = new StringBuilder();
      for (int n = random.nextInt(1, 9); n > 0; n--) {
        id.appendCodePoint(parts[random.nextInt(parts.length)]);
      }
      Charset arguments = random.nextBoolean() ? UTF_8 : US_ASCII;
      String text = EscapedText.format(id.toString(), arguments);
      assertThat(EscapedText.parse(text)).isEqualTo(id.toString());
      assertThat(text).doesNotStartWith("-").isEqualTo(text.strip());
      assertThat(text.codePoints()).allMatch(EscapedText::isPrintable);
      assertThat(arguments.newEncoder().canEncode(text)).isTrue();
    }
  }
}
