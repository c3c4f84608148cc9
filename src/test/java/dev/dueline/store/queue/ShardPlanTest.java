package dev.dueline.store.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dueline.job.QueueName;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How many shards queues get. */
final class ShardPlanTest {
  @ParameterizedTest
  @CsvSource({
    "orders, 2",
    "orders-eu, 8",
    "orders-, 8",
    "my-orders-eu, 3",
    "a.b, 5",
    "axb, 3",
    "x-y-z, 1024"
  })
  void theFirstRuleThatFitsHolds(String queue, int shards) {
    ShardPlan plan =
        new ShardPlan(3, List.of("orders=2", "orders-*=8", " a.b=5 ", "orders*=9", "x*z=1024"));

    assertThat(plan.shardsOf(new QueueName(queue))).isEqualTo(shards);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "orders", "orders=", "=8", "orders=x", "orders=-1", "or ders=8"})
  void aRuleOfAnotherFormIsRefused(String rule) {
    assertThatThrownBy(() -> new ShardPlan(1, List.of(rule)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("dueline.queues.shards-by-name");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1025})
  void aNumberOutOfRangeIsRefused(int shards) {
    assertThatThrownBy(() -> new ShardPlan(1, List.of("orders=" + shards)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ShardPlan(shards, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void withoutRulesAllAreAlike() {
    assertThat(new ShardPlan(7, List.of()).shardsOf(new QueueName("any"))).isEqualTo(7);
  }
}
