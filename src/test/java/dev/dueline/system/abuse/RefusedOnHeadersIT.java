package dev.dueline.system.abuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dueline.system.abuse.wire.Counts;
import dev.dueline.system.abuse.wire.HeaderBlock;
import dev.dueline.system.abuse.wire.Messages;
import dev.dueline.system.abuse.wire.Paths;
import dev.dueline.system.abuse.wire.RawHttp2;
import dev.dueline.system.process.ServiceProcess;
import dev.dueline.system.security.callers.Tokens;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls that are refused are refused before their message, which is not taken any more. */
class RefusedOnHeadersIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  /** For an answer that must not come. */
  private static final Duration GLANCE = Duration.ofMillis(300);

  /** For one of several answers, of which all but one must come. */
  private static final Duration TURN = Duration.ofMillis(20);

  private static final List<String> PERMISSIONS = List.of("schedule", "watch", "operate");
  private static final List<String> TOKENS =
      List.of(Tokens.random(), Tokens.random(), Tokens.random());

  private static final AtomicInteger connections = new AtomicInteger();

  private static ServiceProcess service;

  @BeforeAll
  static void start(@TempDir Path data) {
    List<String> settings = new ArrayList<>();
    settings.add("dueline.embedded.data-dir=" + data);
    // Or the call that waits for its message would not wait as long as a slow machine takes.
    settings.add("dueline.limits.message-timeout=10m");
    for (int i = 0; i < PERMISSIONS.size(); i++) {
      String prefix = "dueline.security.principals.\"may-" + PERMISSIONS.get(i) + "\".";
      settings.add(prefix + "token-sha256=" + Tokens.hash(TOKENS.get(i)));
      settings.add(prefix + PERMISSIONS.get(i) + "=abuse");
    }
    service = ServiceProcess.start(settings.toArray(String[]::new));
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  static List<String> ofContract() {
    return Paths.ofContract();
  }

  static List<String> allButHealth() {
    return Stream.of(Paths.ofContract(), Paths.REFLECTION, Paths.UNKNOWN)
        .flatMap(List::stream)
        .toList();
  }

  static List<String> all() {
    return Stream.of(allButHealth(), List.of(Paths.HEALTH_CHECK, Paths.HEALTH_WATCH))
        .flatMap(List::stream)
        .toList();
  }

  @Test
  void allCallsOfTheContractAreTried() {
    assertThat(Paths.ofContract()).hasSize(24);
  }

  @ParameterizedTest
  @MethodSource("allButHealth")
  void strangersAreRefusedWithoutAMessage(String path) throws Exception {
    List<String> refusals =
        Paths.UNKNOWN.contains(path)
            ? List.of("UNAUTHENTICATED", "UNIMPLEMENTED")
            : List.of("UNAUTHENTICATED");
    try (RawHttp2 connection = connect()) {
      for (String token : List.of("", "wrong")) {
        int stream = connection.begin(HeaderBlock.call(path, token));
        assertThat(connection.outcome(stream, TIMEOUT)).as("with token '%s'", token).isIn(refusals);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("ofContract")
  void whoLacksThePermissionIsRefusedWithoutAMessage(String path) throws Exception {
    // Where the machine stood still, the call of who has the permission is refused, too, for that.
    List<String> refusals =
        await()
            .pollDelay(Duration.ZERO)
            .atMost(TIMEOUT)
            .until(() -> answers(path), answers -> !answers.contains("UNAVAILABLE"));
    assertThat(refusals).containsExactly("PERMISSION_DENIED", "PERMISSION_DENIED");
  }

  /** Calls with each token, of which one has the permission and is waited for; gives the rest. */
  private static List<String> answers(String path) throws Exception {
    List<Integer> open = new ArrayList<>();
    List<String> answers = new ArrayList<>();
    try (RawHttp2 connection = connect()) {
      for (String token : TOKENS) {
        open.add(connection.begin(HeaderBlock.call(path, token)));
      }
      await()
          .pollDelay(Duration.ZERO)
          .atMost(TIMEOUT)
          .until(
              () -> {
                for (int stream : List.copyOf(open)) {
                  String answer = connection.outcome(stream, TURN);
                  if (!answer.isEmpty()) {
                    answers.add(answer);
                    open.remove(Integer.valueOf(stream));
                  }
                }
                return open.size() <= 1;
              });
      for (int stream : open) {
        String answer = connection.outcome(stream, GLANCE);
        if (!answer.isEmpty()) {
          answers.add(answer);
        }
      }
      assertThat(connection.ending()).isEmpty();
    }
    return answers;
  }

  @ParameterizedTest
  @MethodSource("unknown")
  void unknownMethodsAreRefusedWithoutAMessage(String path) throws Exception {
    try (RawHttp2 connection = connect()) {
      int stream = connection.begin(HeaderBlock.call(path, TOKENS.get(0)));
      assertThat(connection.outcome(stream, TIMEOUT)).isEqualTo("UNIMPLEMENTED");
    }
  }

  static List<String> unknown() {
    return Paths.UNKNOWN;
  }

  @ParameterizedTest
  @MethodSource("all")
  void aLargeMessageOfAStrangerIsNotTaken(String path) throws Exception {
    byte[] message = Messages.of(new byte[Messages.LARGEST]);
    for (String token : List.of("", "wrong")) {
      try (RawHttp2 connection = connect()) {
        int stream = connection.begin(HeaderBlock.call(path, token));
        int sent = connection.data(stream, message, true);
        assertThat(connection.outcome(stream, TIMEOUT)).isNotEmpty().isNotEqualTo("OK");
        assertThat(sent).as("bytes that were taken").isLessThan(message.length);
      }
    }
  }

  private static RawHttp2 connect() throws IOException {
    // Each from another address, or so many would be limited as one stranger's failures.
    String address = "127.0.1." + (1 + connections.getAndIncrement() % 200);
    return RawHttp2.open(InetAddress.getByName(address), service.port(), Set.of(), new Counts());
  }
}
