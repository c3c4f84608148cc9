package dev.dueline.store.redis.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dueline.job.JobId;
import dev.dueline.store.failure.StoreReplyException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Packed ids come back as they were, and keep their order. */
final class IdCodecTest {
  /** The ends of each length of UTF-8 among what ids may have, and characters that abound. */
  private static final int[] CHARACTERS = {
    ' ', '!', '0', 'a', 'b', '~', 0xA0, 0x7FF, 0x800, 0xFFFF, 0x10000, 0x10FFFF
  };

  private static List<JobId> ids() {
    SplittableRandom random = new SplittableRandom(1);
    List<JobId> ids = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(1, 20);
      int kinds = random.nextInt(1, CHARACTERS.length + 1);
      for (int at = 0; at < length; at++) {
        text.appendCodePoint(CHARACTERS[random.nextInt(kinds)]);
      }
      ids.add(new JobId(text.toString()));
    }
    ids.add(new JobId("x".repeat(JobId.MAX_BYTES)));
    ids.add(new JobId("é".repeat(JobId.MAX_BYTES / 2)));
    return ids;
  }

  private static byte[] utf8(JobId id) {
    return id.value().getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void comesBackAsItWas() {
    assertThat(ids()).allSatisfy(id -> assertThat(IdCodec.unpack(IdCodec.pack(id))).isEqualTo(id));
  }

  @Test
  void keepsTheOrderOfUtf8AndTellsAllApart() {
    List<JobId> ids = ids();
    for (int i = 1; i < ids.size(); i++) {
      JobId one = ids.get(i - 1);
      JobId other = ids.get(i);
      int packed = Arrays.compareUnsigned(IdCodec.pack(one), IdCodec.pack(other));
      int plain = Arrays.compareUnsigned(utf8(one), utf8(other));

      assertThat(Integer.signum(packed)).as("%s, %s", one, other).isEqualTo(Integer.signum(plain));
    }
  }

  @Test
  void takesSevenBitsForEachCharacterOfAscii() {
    assertThat(IdCodec.pack(new JobId("0123456789abcdef"))).hasSize(14);
  }

  @Test
  void anythingElseIsRefused() {
    assertThatThrownBy(() -> IdCodec.unpack(new byte[0])).isInstanceOf(StoreReplyException.class);
    assertThatThrownBy(() -> IdCodec.unpack(new byte[] {2, 2}))
        .isInstanceOf(StoreReplyException.class);
  }
}
