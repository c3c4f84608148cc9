package dev.dueline.store.news;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WatchTokenTest {
  private static final WatchToken TOKEN =
      new WatchToken(Long.MIN_VALUE, -1, 1, Long.MAX_VALUE, WatchToken.ownerOf("mail"));

  @Test
  void isReadAsItWasWritten() {
    assertThat(WatchToken.decode(TOKEN.encode())).contains(TOKEN);
    assertThat(TOKEN.encode()).matches("[A-Za-z0-9_-]+");
  }

  @Test
  void oneThatWasChangedIsNone() {
    String text = TOKEN.encode();
    for (int i = 0; i < text.length(); i++) {
      String changed =
          text.substring(0, i) + (text.charAt(i) == 'A' ? 'B' : 'A') + text.substring(i + 1);
      assertThat(WatchToken.decode(changed)).isNotEqualTo(WatchToken.decode(text));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A", "====", "ÄÖÜ"})
  void whatIsNoTokenIsNone(String text) {
    assertThat(WatchToken.decode(text)).isEmpty();
    assertThat(WatchToken.decode(text.repeat(100))).isEmpty();
  }

  @Test
  void principalsDiffer() {
    assertThat(WatchToken.ownerOf("mail")).isNotEqualTo(WatchToken.ownerOf("Mail"));
    assertThat(WatchToken.ownerOf("mail")).isEqualTo(WatchToken.ownerOf("mail"));
  }
}
