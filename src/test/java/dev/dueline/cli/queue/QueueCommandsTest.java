package dev.dueline.cli.queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import dev.dueline.cli.CommandRun;
import dev.dueline.client.ScriptedScheduler;
import dev.dueline.v1.DeleteQueueRequest;
import dev.dueline.v1.DeleteQueueResponse;
import dev.dueline.v1.GetQueueRequest;
import dev.dueline.v1.GetQueueResponse;
import dev.dueline.v1.ListQueuesRequest;
import dev.dueline.v1.ListQueuesResponse;
import dev.dueline.v1.PauseQueueRequest;
import dev.dueline.v1.PauseQueueResponse;
import dev.dueline.v1.PurgeQueueRequest;
import dev.dueline.v1.PurgeQueueResponse;
import dev.dueline.v1.PurgeState;
import dev.dueline.v1.Queue;
import dev.dueline.v1.QueueDelivery;
import dev.dueline.v1.QueueLimits;
import dev.dueline.v1.QueueStats;
import dev.dueline.v1.RedriveDeadJobsRequest;
import dev.dueline.v1.RedriveDeadJobsResponse;
import dev.dueline.v1.ResumeQueueRequest;
import dev.dueline.v1.ResumeQueueResponse;
import dev.dueline.v1.SetQueueDeliveryRequest;
import dev.dueline.v1.SetQueueDeliveryResponse;
import dev.dueline.v1.SetQueueLimitsRequest;
import dev.dueline.v1.SetQueueLimitsResponse;
import dev.dueline.v1.StreamDelivery;
import java.io.IOException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueueCommandsTest {
  private static final QueueLimits LIMITS =
      QueueLimits.newBuilder().setMaxDispatchesPerSecond(2.5).setMaxPendingJobs(9).build();

  private ScriptedScheduler service;

  @BeforeEach
  void start() throws IOException {
    service = new ScriptedScheduler();
    service.<GetQueueRequest>reply(
        "GetQueue", request -> GetQueueResponse.newBuilder().setQueue(queue("mail")).build());
  }

  @AfterEach
  void stop() throws InterruptedException {
    service.close();
  }

  private static Queue queue(String name) {
    QueueStats stats =
        QueueStats.newBuilder()
            .setPendingJobs(4)
            .setDueJobs(3)
            .setLeasedJobs(2)
            .setDeadJobs(1)
            .setNextDueTime(Timestamps.fromMillis(1_000))
            .setWatchers(7)
            .build();
    return Queue.newBuilder()
        .setName(name)
        .setPaused(true)
        .setLimits(LIMITS)
        .setShards(8)
        .setStats(stats)
        .build();
  }

  @Test
  void listGoesThroughAllPages() {
    service.<ListQueuesRequest>reply(
        "ListQueues",
        request ->
            request.getPageToken().isEmpty()
                ? ListQueuesResponse.newBuilder()
                    .addQueues(queue("a"))
                    .setNextPageToken("more")
                    .build()
                : ListQueuesResponse.newBuilder().addQueues(queue("b")).build());
    CommandRun run = CommandRun.on(service, "queue", "list", "pre");
    assertThat(run.out()).containsExactly("a\t4\t3\t2\t1\t7\tpaused", "b\t4\t3\t2\t1\t7\tpaused");
    assertThat(service.requests(ListQueuesRequest.class))
        .allMatch(request -> request.getNamePrefix().equals("pre"));
    assertThat(CommandRun.on(service, "queue", "list", "--limit", "1").out()).hasSize(1);
  }

  @Test
  void showPrintsALineAField() {
    assertThat(CommandRun.on(service, "queue", "show", "mail").out())
        .contains(
            "name\tmail",
            "paused\ttrue",
            "max_dispatches_per_second\t2.5",
            "max_pending_jobs\t9",
            "next_due_time\t1970-01-01T00:00:01.000Z",
            "watchers\t7",
            "shards\t8",
            "delivery\twatchers")
        .noneMatch(line -> line.startsWith("max_outstanding_jobs"));
  }

  @Test
  void deletePrintsHowManyJobsWentWithTheQueue() {
    service.<DeleteQueueRequest>reply(
        "DeleteQueue",
        request ->
            DeleteQueueResponse.newBuilder().setDeletedJobs(request.getForce() ? 3 : 0).build());
    assertThat(CommandRun.on(service, "queue", "delete", "mail").out())
        .containsExactly("deleted\t0");
    assertThat(CommandRun.on(service, "queue", "delete", "mail", "--force").out())
        .containsExactly("deleted\t3");
  }

  @Test
  void pauseAndResumeGoThroughTheQueues() {
    service.<PauseQueueRequest>reply(
        "PauseQueue", request -> PauseQueueResponse.getDefaultInstance());
    service.<ResumeQueueRequest>reply(
        "ResumeQueue", request -> ResumeQueueResponse.getDefaultInstance());
    assertThat(CommandRun.on(service, "queue", "pause", "a", "b").out())
        .containsExactly("paused\ta", "paused\tb");
    assertThat(CommandRun.on(service, "queue", "resume", "a").out()).containsExactly("resumed\ta");
    assertThat(service.requests(PauseQueueRequest.class)).hasSize(2);
  }

  @Test
  void limitsKeepWhatIsNotNamed() {
    service.<SetQueueLimitsRequest>reply(
        "SetQueueLimits",
        request ->
            SetQueueLimitsResponse.newBuilder()
                .setQueue(Queue.newBuilder().setLimits(request.getLimits()))
                .build());
    assertThat(CommandRun.on(service, "queue", "limits", "mail").out())
        .containsExactly("max_dispatches_per_second\t2.5", "max_pending_jobs\t9");
    assertThat(service.requests(SetQueueLimitsRequest.class)).isEmpty();

    assertThat(
            CommandRun.on(service, "queue", "limits", "mail", "--rate", "0", "--outstanding", "5")
                .out())
        .containsExactly("max_outstanding_jobs\t5");
    assertThat(service.requests(SetQueueLimitsRequest.class).get(0).getUpdateMask().getPathsList())
        .containsExactly("max_dispatches_per_second", "max_outstanding_jobs");
    assertThat(CommandRun.on(service, "queue", "limits", "mail", "--none").out()).isEmpty();
    SetQueueLimitsRequest none = service.requests(SetQueueLimitsRequest.class).get(1);
    assertThat(none.getLimits()).isEqualTo(QueueLimits.getDefaultInstance());
    assertThat(none.getUpdateMask().getPathsList()).isEmpty();
    assertThat(
            CommandRun.on(service, "queue", "limits", "mail", "--none", "--rate", "1").exitCode())
        .isEqualTo(2);
  }

  @Test
  void purgeAsksForAYesAndPrintsItsProgress() {
    service.on(
        "PurgeQueue",
        (request, out) -> {
          out.onNext(progress(1, 3));
          out.onNext(progress(4, 0));
          out.onCompleted();
        });
    CommandRun asked = CommandRun.on(service, "queue", "purge", "mail", "--state", "pending");
    assertThat(asked.exitCode()).isEqualTo(2);
    assertThat(asked.err()).singleElement().asString().contains("deletes 4 pending jobs", "--yes");
    assertThat(service.requests(PurgeQueueRequest.class)).isEmpty();

    CommandRun run = CommandRun.on(service, "queue", "purge", "mail", "--state", "dead", "--yes");
    assertThat(run.out()).containsExactly("purged\t1\t3", "purged\t4\t0");
    assertThat(service.requests(PurgeQueueRequest.class).get(0).getState())
        .isEqualTo(PurgeState.PURGE_STATE_DEAD);
  }

  private static PurgeQueueResponse progress(long purged, long remaining) {
    return PurgeQueueResponse.newBuilder()
        .setPurgedJobs(purged)
        .setRemainingJobs(remaining)
        .build();
  }

  @Test
  void redriveSendsManyIdsInCallsOfAThousand() {
    service.<RedriveDeadJobsRequest>reply(
        "RedriveDeadJobs",
        request ->
            RedriveDeadJobsResponse.newBuilder()
                .setRedrivenJobs(Math.max(5, request.getJobIdsCount()))
                .build());
    assertThat(CommandRun.on(service, "queue", "redrive", "mail", "--spread", "1m").out())
        .containsExactly("redriven\t5");
    assertThat(service.requests(RedriveDeadJobsRequest.class).get(0).getSpread())
        .isEqualTo(Durations.fromMinutes(1));
    String[] many =
        Stream.concat(
                Stream.of("queue", "redrive", "mail"),
                IntStream.range(0, 1_500).mapToObj(i -> "j" + i))
            .toArray(String[]::new);
    assertThat(CommandRun.on(service, many).out()).containsExactly("redriven\t1500");
    assertThat(service.requests(RedriveDeadJobsRequest.class)).hasSize(3);
  }

  @Test
  void deliveryChoosesAStreamAndShowsIt() {
    service.<SetQueueDeliveryRequest>reply(
        "SetQueueDelivery",
        request -> {
          StreamDelivery stream = request.getDelivery().getStream();
          QueueDelivery delivery =
              QueueDelivery.newBuilder().setStream(stream.toBuilder().addStreamKeys("k")).build();
          return SetQueueDeliveryResponse.newBuilder()
              .setQueue(Queue.newBuilder().setDelivery(delivery))
              .build();
        });
    String[] words = {"queue", "delivery", "mail", "--stream", "--group", "g", "--max-length", "9"};
    assertThat(CommandRun.on(service, words).out())
        .containsExactly(
            "delivery\tstream", "consumer_group\tg", "max_stream_length\t9", "stream_key\tk");
    assertThat(CommandRun.on(service, "queue", "delivery", "mail").out())
        .containsExactly("delivery\twatchers");
    assertThat(CommandRun.on(service, "queue", "delivery", "mail", "--group", "g").exitCode())
        .isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pause", "resume", "show", "limits", "redrive", "delivery"})
  void aCallThatIsRefusedEndsWithItsReason(String command) {
    service.on(
        "GetQueue", (request, out) -> out.onError(io.grpc.Status.NOT_FOUND.asRuntimeException()));
    CommandRun run =
        command.equals("delivery") || command.equals("limits") || command.equals("show")
            ? CommandRun.on(service, "queue", command, "mail")
            : CommandRun.on(service, "queue", command, "mail", "another");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).singleElement().asString().startsWith("dueline: ");
  }
}
