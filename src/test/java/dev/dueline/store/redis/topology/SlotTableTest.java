package dev.dueline.store.redis.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.redis.client.Response;
import io.vertx.redis.client.impl.types.BulkType;
import io.vertx.redis.client.impl.types.MultiType;
import io.vertx.redis.client.impl.types.NumberType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What nodes say about who serves which slots. */
final class SlotTableTest {
  private static final String ASKED = "redis://10.0.0.1:7000";
  private static final String WELL = "cluster_state:ok\r\ncluster_current_epoch:17\r\n";

  private static io.vertx.redis.client.Response list(io.vertx.redis.client.Response... parts) {
    MultiType list = MultiType.create(parts.length, false);
    for (io.vertx.redis.client.Response part : parts) {
      list.add(part);
    }
    return list;
  }

  private static io.vertx.redis.client.Response number(long value) {
    return NumberType.create(value);
  }

  @SuppressWarnings("NullAway") // Redis answers nil for the host that was asked.
  private static io.vertx.redis.client.Response node(@Nullable String host, int port) {
    return list(host == null ? null : BulkType.create(Buffer.buffer(host), false), number(port));
  }

  private static SlotTable table(String info, io.vertx.redis.client.Response... ranges) {
    return new SlotTable(ASKED, Response.newInstance(list(ranges)), info);
  }

  @Test
  void knowsOwnersAndReplicas() {
    SlotTable table =
        table(
            WELL,
            list(number(0), number(9), node("10.0.0.2", 1), node("10.0.0.3", 2)),
            list(number(11), number(16_383), node("10.0.0.4", 3)));

    assertThat(table.owner(0)).isEqualTo("redis://10.0.0.2:1");
    assertThat(table.owner(9)).isEqualTo("redis://10.0.0.2:1");
    assertThat(table.owner(10)).isNull();
    assertThat(table.owner(16_383)).isEqualTo("redis://10.0.0.4:3");
    assertThat(table.primaries()).containsExactly("redis://10.0.0.2:1", "redis://10.0.0.4:3");
    assertThat(table.nodes())
        .containsExactlyInAnyOrder(
            "redis://10.0.0.2:1", "redis://10.0.0.3:2", "redis://10.0.0.4:3");
    assertThat(table.epoch()).isEqualTo(17);
    assertThat(table.isComplete()).isTrue();
    assertThat(table.groups())
        .allSatisfy(
            group ->
                assertThat(table.owner(SlotTable.slotOf(group.canary().toString().getBytes(UTF_8))))
                    .endsWith(group.primary()))
        .hasSize(2);
  }

  @Test
  void mayBeEmpty() {
    SlotTable table = table("cluster_state:fail\r\n");

    assertThat(table.owner(0)).isNull();
    assertThat(table.primaries()).isEmpty();
    assertThat(table.groups()).isEmpty();
    assertThat(table.epoch()).isZero();
    assertThat(table.isComplete()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    ", redis://10.0.0.1:7001",
    "'', redis://10.0.0.1:7001",
    "::1, redis://[::1]:7001",
    "redis-2.example, redis://redis-2.example:7001"
  })
  void knowsHostsOfAllForms(String host, String uri) {
    SlotTable table = table(WELL, list(number(5), number(5), node(host, 7001)));

    assertThat(table.owner(5)).isEqualTo(uri);
  }

  @Test
  void tellsWhetherSlotsMoved() {
    var here = list(number(0), number(9), node("10.0.0.2", 1));
    var there = list(number(0), number(9), node("10.0.0.2", 2));

    assertThat(table(WELL, here).hasSameOwners(table("", here))).isTrue();
    assertThat(table(WELL, here).hasSameOwners(table(WELL, there))).isFalse();
  }
}
