package dev.dueline.job.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.JobId;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A token is read as it was issued, and any other text is none, without an exception. */
class LeaseTokenTest {
  private static final LeaseToken TOKEN =
      new LeaseToken(
          new Shard(new QueueName("mail"), 3),
          new LeaseRef(new JobId("ann-ä"), new LeaseId(5, -7, 11, 13)));

  @Test
  void aTokenIsReadAsItWasIssued() {
    assertThat(LeaseToken.decode(TOKEN.encode())).contains(TOKEN);
  }

  @Test
  void aTokenThatWasChangedIsNone() {
    String token = TOKEN.encode();
    for (int length = 0; length < token.length(); length++) {
      assertThat(LeaseToken.decode(token.substring(0, length))).isEmpty();
    }
    for (int place = 0; place < token.length() - 1; place++) {
      char other = token.charAt(place) == 'A' ? 'B' : 'A';
      assertThat(LeaseToken.decode(token.substring(0, place) + other + token.substring(place + 1)))
          .isEmpty();
    }
  }

  @Test
  void anyTextIsATokenOrNone() {
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(80)];
      random.nextBytes(bytes);
      assertThat(LeaseToken.decode(new String(bytes, StandardCharsets.ISO_8859_1))).isEmpty();
      if (bytes.length > 0) {
        bytes[0] = 1;
      }
      String encoded = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
      assertThat(LeaseToken.decode(encoded)).isEmpty();
    }
  }
}
