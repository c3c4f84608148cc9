package dev.dueline.grpc.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.access.Permission;
import dev.dueline.access.Principal;
import dev.dueline.access.QueuePatterns;
import dev.dueline.grpc.QueueCalls;
import dev.dueline.grpc.TestService;
import dev.dueline.grpc.call.AccessControl;
import dev.dueline.grpc.call.Standstill;
import dev.dueline.job.QueueName;
import dev.dueline.store.queue.QueueLayout;
import dev.dueline.v1.ListQueuesResponse;
import dev.dueline.v1.Queue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which queues a caller sees, page after page, and how many others are looked at for it. */
final class ListQueuesTest {
  /** Names that one call looks at before it answers with what it has. */
  private static final int MAX_LOOKED_AT = 10_000;

  private static final String CHARACTERS = "ab-/";

  private volatile Principal caller = Principal.ANYBODY;
  private final TestService service =
      new TestService(new AccessControl(credentials -> Optional.of(caller), new Standstill()));
  private final QueueCalls calls = new QueueCalls(service);

  @AfterEach
  void stop() {
    service.close();
  }

  /** A list, page after page. */
  private record Pages(List<String> names, List<Integer> sizes, List<String> tokens) {}

  @Test
  void pagesShowWhatTheCallerMayOperateInOrderAndOnce() {
    Random random = new Random(14_007);
    TreeSet<String> names = new TreeSet<>();
    for (int i = 0; i < 200; i++) {
      names.add(text(random, CHARACTERS, 1 + random.nextInt(5)));
    }
    names.forEach(this::enter);
    for (int i = 0; i < 300; i++) {
      List<String> patterns = new ArrayList<>();
      for (int j = random.nextInt(4); j >= 0; j--) {
        patterns.add(text(random, CHARACTERS + "**", 1 + random.nextInt(4)));
      }
      QueuePatterns own = operate(patterns);
      String prefix = text(random, CHARACTERS, random.nextInt(3));
      int size = 1 + random.nextInt(20);
      List<String> expected =
          names.stream().filter(name -> name.startsWith(prefix) && own.fit(name)).toList();
      assertThat(pages(prefix, size).names())
          .as("%s of %s, %s a page", prefix, patterns, size)
          .isEqualTo(expected);
    }
  }

  @Test
  void aCallerOfAFewQueuesCausesNoLookAtOthers() {
    IntStream.range(0, 5_000).mapToObj(i -> "junk-" + i).forEach(this::enter);
    List.of("mail-a", "mail-b", "orders", "zoo").forEach(this::enter);
    operate(List.of("mail-*", "orders", "none", "mail-a"));
    assertThat(pages("", 10).names()).containsExactly("mail-a", "mail-b", "orders");
    assertThat(service.store.namesRead).hasValue(2);
    assertThat(pages("o", 10).names()).containsExactly("orders");
    assertThat(pages("junk-1", 10).names()).isEmpty();
    assertThat(service.store.namesRead).hasValue(2);
  }

  @Test
  void aPageThatWouldLookAtTooManyEndsEarlyAndItsTokenTellsNoName() {
    int junk = 2 * MAX_LOOKED_AT + 500;
    IntStream.range(0, junk).mapToObj(i -> "junk-" + (100_000 + i)).forEach(this::enter);
    List.of("a-eu", "junk-100100-eu", "z-eu").forEach(this::enter);
    operate(List.of("*-eu"));
    ListQueuesResponse first = calls.list("", 10, "");
    assertThat(service.store.namesRead.get()).isBetween(10_000L, 11_100L);
    Pages pages = pages("", 10);
    assertThat(first.getQueuesList())
        .extracting(Queue::getName)
        .containsExactly("a-eu", "junk-100100-eu");
    assertThat(pages.names()).containsExactly("a-eu", "junk-100100-eu", "z-eu");
    assertThat(pages.sizes()).containsExactly(2, 0, 1);
    for (String token : pages.tokens()) {
      String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
      assertThat(text.substring(8)).startsWith("junk-100100-eu!").hasSizeLessThan(22);
    }
  }

  @Test
  void aTokenThatWasGivenUnderOtherPermissionsLeavesNothingOut() {
    int junk = MAX_LOOKED_AT + 500;
    IntStream.range(0, junk).mapToObj(i -> "junk-" + (100_000 + i)).forEach(this::enter);
    operate(List.of("*-eu"));
    String token = calls.list("", 10, "").getNextPageToken();
    assertThat(token).isNotEmpty();
    operate(List.of("junk-1000*"));
    assertThat(calls.list("", 10, token).getQueues(0).getName()).isEqualTo("junk-100000");
  }

  @Test
  void aCallerOfThousandsOfNamesGetsThemAll() {
    List<String> names = IntStream.range(0, 3_000).mapToObj(i -> "q-" + (10_000 + i)).toList();
    names.forEach(this::enter);
    operate(names);
    Pages pages = pages("", 50);
    assertThat(pages.names()).isEqualTo(names);
    assertThat(pages.sizes()).hasSize(60);
  }

  private QueuePatterns operate(List<String> patterns) {
    QueuePatterns own = QueuePatterns.of(patterns);
    caller = new Principal("me", Map.of(Permission.OPERATE, own), 0, 0);
    return own;
  }

  private void enter(String name) {
    QueueName queue = new QueueName(name);
    service.store.queues.put(queue, new QueueLayout(queue, 1));
  }

  private Pages pages(String prefix, int size) {
    Pages pages = new Pages(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    String token = "";
    do {
      ListQueuesResponse page = calls.list(prefix, size, token);
      assertThat(page.getQueuesCount()).isLessThanOrEqualTo(size);
      page.getQueuesList().forEach(queue -> pages.names().add(queue.getName()));
      pages.sizes().add(page.getQueuesCount());
      token = page.getNextPageToken();
      if (!token.isEmpty()) {
        pages.tokens().add(token);
      }
    } while (!token.isEmpty());
    return pages;
  }

  private static String text(Random random, String characters, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(characters.charAt(random.nextInt(characters.length())));
    }
    return text.toString();
  }
}
