package dev.dueline.cli.queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Timestamps;
import dev.dueline.cli.CommandRun;
import dev.dueline.client.ScriptedScheduler;
import dev.dueline.v1.ListWatchersRequest;
import dev.dueline.v1.ListWatchersResponse;
import dev.dueline.v1.Watcher;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatchersCommandTest {
  private ScriptedScheduler service;

  @BeforeEach
  void start() throws IOException {
    service = new ScriptedScheduler();
  }

  @AfterEach
  void stop() throws InterruptedException {
    service.close();
  }

  @Test
  void watchersGoesThroughAllPagesAndNotesWhoDoesNotAnswer() {
    Watcher.Builder watcher =
        Watcher.newBuilder()
            .setWatcherId("worker-1")
            .setReplica("7a")
            .setConnectTime(Timestamps.fromMillis(1_000))
            .setMaxOutstandingJobs(100)
            .setOutstandingJobs(60)
            .setCredit(40);
    service.<ListWatchersRequest>reply(
        "ListWatchers",
        request ->
            request.getPageToken().isEmpty()
                ? ListWatchersResponse.newBuilder()
                    .addWatchers(watcher)
                    .addUnansweredReplicas("7b")
                    .setNextPageToken("more")
                    .build()
                : ListWatchersResponse.newBuilder()
                    .addWatchers(
                        watcher
                            .setPassedOver(true)
                            .setLastActTime(Timestamps.fromMillis(2_000))
                            .build())
                    .build());
    CommandRun run = CommandRun.on(service, "queue", "watchers", "mail");
    assertThat(run.out())
        .containsExactly(
            "worker-1\t7a\t1970-01-01T00:00:01.000Z\t60\t100\t40\t-\ttakes",
            "worker-1\t7a\t1970-01-01T00:00:01.000Z\t60\t100\t40"
                + "\t1970-01-01T00:00:02.000Z\tpassed-over");
    assertThat(run.err()).singleElement().asString().contains("no answer from replica 7b");
  }
}
