package dev.dueline.console.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.access.Principal;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The name of who asks makes no line of its own in a log. */
class CallerTest {
  @Test
  void whatEndsALineIsEscaped() {
    Principal principal = new Principal("ann\nbob\u2028eve", Map.of(), 0, 0);
    assertThat(new Caller(principal, false, false, false).loggedName())
        .isEqualTo("ann\\u{a}bob\\u{2028}eve");
  }
}
