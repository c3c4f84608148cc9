package dev.dueline.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.QueueName;
import dev.dueline.store.queue.QueueDirectory;
import dev.dueline.store.queue.QueueLayout;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What every directory of queues must do. Each test has one of its own, which is empty. */
public abstract class QueueDirectoryContract {
  /** Few characters, so that names begin alike: in the order of ASCII, which is that of names. */
  private static final String CHARACTERS = "-./09:AZ_az";

  /** The directory that the test is about. */
  protected abstract QueueDirectory directory();

  /** The result of a call. */
  protected static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(60));
  }

  @Test
  void namesComeInOrderAsAListOfThemWouldGiveThem() {
    Random random = new Random(20_261_126);
    TreeSet<String> names = new TreeSet<>();
    for (int i = 0; i < 300; i++) {
      names.add(name(random, 1 + random.nextInt(4)));
    }
    names.forEach(name -> await(directory().layout(new QueueName(name))));
    for (int i = 0; i < 300; i++) {
      String prefix = random.nextInt(4) == 0 ? "" : name(random, 1 + random.nextInt(2));
      String after = random.nextInt(4) == 0 ? "" : name(random, 1 + random.nextInt(4));
      int skip = random.nextInt(4) == 0 ? random.nextInt(40) : 0;
      int most = 1 + random.nextInt(50);
      List<String> expected =
          names.tailSet(after, false).stream()
              .filter(name -> name.startsWith(prefix))
              .skip(skip)
              .limit(most)
              .toList();
      assertThat(await(directory().names(prefix, after, skip, most)))
          .as("%s behind %s, %s left out", prefix, after, skip)
          .extracting(QueueName::value)
          .isEqualTo(expected);
    }
  }

  @Test
  void aQueueThatIsLookedForDoesNotComeToBe() {
    assertThat(await(directory().find(new QueueName("a")))).isEmpty();
    assertThat(await(directory().names("", "", 0, 10))).isEmpty();
    QueueLayout layout = await(directory().layout(new QueueName("a")));
    assertThat(await(directory().find(new QueueName("a")))).contains(layout);
    assertThat(await(directory().names("", "", 0, 10))).containsExactly(new QueueName("a"));
    List<QueueName> names = List.of(new QueueName("b"), new QueueName("a"), new QueueName("0"));
    assertThat(await(directory().layouts(names)).layouts()).containsExactly(layout);
    assertThat(await(directory().layouts(List.of(new QueueName("a")))).layouts())
        .containsExactly(layout);
  }

  private static String name(Random random, int length) {
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < length; i++) {
      name.append(CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
    }
    return name.toString();
  }
}
