package dev.dueline.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which texts can name a queue: those that the pattern in the contract allows. */
class QueueNameTest {
  private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9._:/-]");

  @Test
  void takesTheCharactersOfTheContractAndNoOther() {
    assertThat(IntStream.rangeClosed(Character.MIN_VALUE, Character.MAX_VALUE))
        .allSatisfy(
            c -> {
              String one = String.valueOf((char) c.intValue());
              boolean isAllowed = ALLOWED.matcher(one).matches();
              assertThat(QueueName.isValid(one)).isEqualTo(isAllowed);
              assertThat(QueueName.isValid("a" + one)).isEqualTo(isAllowed);
            });
  }

  @Test
  void has1To128Characters() {
    assertThat(QueueName.isValid("")).isFalse();
    assertThat(QueueName.isValid("q".repeat(QueueName.MAX_LENGTH))).isTrue();
    assertThat(QueueName.isValid("q".repeat(QueueName.MAX_LENGTH + 1))).isFalse();
  }
}
