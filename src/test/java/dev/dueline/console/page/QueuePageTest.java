package dev.dueline.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.access.Principal;
import dev.dueline.console.TestReplica;
import dev.dueline.console.http.Answer;
import dev.dueline.console.http.Caller;
import dev.dueline.console.http.EventStreams;
import dev.dueline.console.http.Request;
import dev.dueline.console.http.TestParameters;
import dev.dueline.console.live.Sampler;
import dev.dueline.console.render.Pages;
import dev.dueline.console.render.Templates;
import dev.dueline.job.QueueName;
import dev.dueline.operation.NoReplicas;
import dev.dueline.operation.TestStore;
import dev.dueline.operation.queue.QueueOperations;
import dev.dueline.store.queue.QueueDirectory;
import io.smallrye.mutiny.Uni;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The page of a queue is there although the queues cannot be looked at one after the other. */
class QueuePageTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String QUEUE = "q";

  private final TestStore store = new TestStore(2);
  private final InstantSource clock = () -> Instant.ofEpochMilli(store.nowMs.get());
  private final QueuePage page = page();

  @Test
  void waitsForNoSample() {
    store.layout(new QueueName(QUEUE)).await().indefinitely();
    Answer shown = page.answer(request()).await().atMost(LIMIT);
    assertThat(shown.body().toString()).contains("<title>" + QUEUE);
    assertThat(page.history(request()).await().atMost(LIMIT).body().toString())
        .startsWith("{\"times\":[]");
  }

  private QueuePage page() {
    QueueOperations queues =
        QueueOperations.of(
            withoutNames(store), store.operations, store.streams, NoReplicas.NO_WATCHERS);
    TestReplica replica = new TestReplica();
    Sampler sampler = new Sampler(queues.queues(), replica, new EventStreams(), clock);
    return new QueuePage(
        new Pages(new Templates(), Map.of(), Runnable::run, clock),
        queues,
        sampler,
        replica,
        queue -> Optional.empty());
  }

  private Request request() {
    return new Request(
        new Caller(Principal.ANYBODY, true, false, false),
        "/queue",
        TestParameters.of("queue=" + QUEUE),
        TestParameters.of(""),
        store.nowMs.get());
  }

  /** Nobody is ever told which queues there are. */
  private static QueueDirectory withoutNames(TestStore store) {
    return (QueueDirectory)
        Proxy.newProxyInstance(
            QueueDirectory.class.getClassLoader(),
            new Class<?>[] {QueueDirectory.class},
            (proxy, method, arguments) ->
                method.getName().equals("names")
                    ? Uni.createFrom().nothing()
                    : method.invoke(store, arguments));
  }
}
