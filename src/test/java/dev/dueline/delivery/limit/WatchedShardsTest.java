package dev.dueline.delivery.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dueline.job.QueueName;
import dev.dueline.store.queue.QueueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WatchedShardsTest {
  private static final long ME = 1;
  private static final long YOU = 2;

  private final List<String> gone = new ArrayList<>();
  private final WatchedShards shards =
      new WatchedShards(new WatchLimits(8, 4), queue -> gone.add(queue.value()));

  @Test
  void whatIsHeldByOneIsNotHeldBeyondItsShare() {
    hold(ME, 2, "a", "b");
    assertThatThrownBy(() -> hold(ME, 1, "c"))
        .isInstanceOfSatisfying(
            TooManyShardsException.class,
            refused -> {
              assertThat(refused.isOfOwner()).isTrue();
              assertThat(refused.most()).isEqualTo(4);
            });
    assertThat(shards.isHeld(new QueueName("c"))).isFalse();
    hold(YOU, 1, "c");
  }

  @Test
  void allTogetherHoldNoMoreThanMayBe() {
    hold(ME, 4, "a");
    hold(YOU, 4, "b");
    assertThatThrownBy(() -> hold(3, 1, "c"))
        .isInstanceOfSatisfying(
            TooManyShardsException.class,
            refused -> {
              assertThat(refused.isOfOwner()).isFalse();
              assertThat(refused.most()).isEqualTo(8);
            });
    // They are watched already.
    hold(3, 4, "b");
    assertThat(shards.count()).isEqualTo(8);
  }

  @Test
  void aQueueThatIsHeldTwiceCountsOnce() {
    hold(ME, 4, "a");
    hold(ME, 4, "a");
    release(ME, "a");
    assertThatThrownBy(() -> hold(ME, 1, "b")).isInstanceOf(TooManyShardsException.class);
    release(ME, "a");
    hold(ME, 1, "b");
    assertThat(gone).containsExactly("a");
  }

  @Test
  void thoseThatLingerLongestGiveWayToTheirOwner() {
    hold(ME, 2, "a", "b");
    hold(YOU, 4, "yours");
    release(YOU, "yours");
    release(ME, "a");
    release(ME, "b");
    hold(ME, 2, "b");
    release(ME, "b");
    hold(ME, 2, "c");
    assertThat(gone).containsExactly("a");
    hold(ME, 2, "d");
    assertThat(gone).containsExactly("a", "b");
    assertThat(shards.count()).isEqualTo(8);
  }

  @Test
  void thoseOfOthersGiveWayWhereAllAreTooMany() {
    hold(ME, 4, "a");
    release(ME, "a");
    hold(YOU, 4, "b");
    hold(3, 4, "c");
    assertThat(gone).containsExactly("a");
    assertThat(shards.count()).isEqualTo(8);
  }

  @Test
  void whatAnotherTakesUpCountsForHim() {
    hold(ME, 4, "a");
    release(ME, "a");
    hold(YOU, 4, "a");
    hold(ME, 4, "b");
    assertThat(gone).isEmpty();
    assertThatThrownBy(() -> hold(YOU, 1, "c")).isInstanceOf(TooManyShardsException.class);
  }

  @Test
  void aQueueThatGetsMoreShardsCountsWithThem() {
    hold(ME, 1, "a");
    shards.has(new QueueLayout(new QueueName("a"), 6));
    assertThat(shards.count()).isEqualTo(6);
    assertThatThrownBy(() -> hold(ME, 1, "b")).isInstanceOf(TooManyShardsException.class);
    release(ME, "a");
    shards.has(new QueueLayout(new QueueName("a"), 2));
    assertThat(shards.count()).isEqualTo(2);
    shards.forget(new QueueName("a"));
    assertThat(shards.count()).isZero();
  }

  /** Counts anew what the class keeps count of, after each of many steps. */
  @Test
  void itCountsWhatIsThere() {
    SplittableRandom random = new SplittableRandom(5);
    WatchLimits limits = new WatchLimits(30, 15);
    Set<String> open = new HashSet<>();
    WatchedShards counted = new WatchedShards(limits, queue -> open.remove(queue.value()));
    List<Map.Entry<Long, List<QueueName>>> watches = new ArrayList<>();
    int refused = 0;
    for (int step = 0; step < 20_000; step++) {
      long owner = random.nextInt(3);
      if (random.nextInt(5) < 2) {
        List<QueueLayout> wanted =
            IntStream.range(0, 3).mapToObj(i -> layout(random.nextInt(40))).distinct().toList();
        try {
          counted.hold(owner, wanted);
          List<QueueName> names = wanted.stream().map(QueueLayout::queue).toList();
          names.forEach(name -> open.add(name.value()));
          watches.add(Map.entry(owner, names));
        } catch (TooManyShardsException e) {
          refused++;
        }
      } else if (!watches.isEmpty()) {
        var over = watches.remove(random.nextInt(watches.size()));
        counted.release(over.getKey(), over.getValue());
      }
      for (Set<String> names : held(watches).values()) {
        assertThat(sum(names)).isLessThanOrEqualTo(limits.shardsPerOwner());
        assertThat(open).containsAll(names);
      }
      assertThat(counted.count()).isEqualTo(sum(open)).isLessThanOrEqualTo(limits.shards());
    }
    assertThat(refused).isPositive();
    watches.forEach(watch -> counted.release(watch.getKey(), watch.getValue()));
    List.copyOf(open).forEach(name -> counted.forget(new QueueName(name)));
    assertThat(counted.count()).isZero();
  }

  @Test
  void whatIsNotSetFollowsFromTheHeap() {
    OptionalInt none = OptionalInt.empty();
    assertThat(WatchLimits.of(none, none, 256L << 20)).isEqualTo(new WatchLimits(16_384, 8_192));
    assertThat(WatchLimits.of(none, none, 64L << 30)).isEqualTo(new WatchLimits(100_000, 50_000));
    assertThat(WatchLimits.of(OptionalInt.of(7), none, 256L << 20))
        .isEqualTo(new WatchLimits(7, 3));
    assertThat(WatchLimits.of(OptionalInt.of(7), OptionalInt.of(7), 1))
        .isEqualTo(new WatchLimits(7, 7));
    assertThatThrownBy(() -> WatchLimits.of(OptionalInt.of(0), none, 1))
        .hasMessageContaining("dueline.limits.watched-shards");
  }

  private static Map<Long, Set<String>> held(List<Map.Entry<Long, List<QueueName>>> watches) {
    Map<Long, Set<String>> held = new HashMap<>();
    for (Map.Entry<Long, List<QueueName>> watch : watches) {
      Set<String> names = held.computeIfAbsent(watch.getKey(), owner -> new HashSet<>());
      watch.getValue().forEach(name -> names.add(name.value()));
    }
    return held;
  }

  private static QueueLayout layout(int number) {
    return new QueueLayout(new QueueName("q" + number), 1 + number % 4);
  }

  private static int sum(Set<String> names) {
    return names.stream().mapToInt(name -> 1 + Integer.parseInt(name.substring(1)) % 4).sum();
  }

  private void hold(long owner, int shardCount, String... queues) {
    shards.hold(
        owner,
        List.of(queues).stream()
            .map(queue -> new QueueLayout(new QueueName(queue), shardCount))
            .toList());
  }

  private void release(long owner, String queue) {
    shards.release(owner, List.of(new QueueName(queue)));
  }
}
