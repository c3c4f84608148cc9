package dev.dueline.console;

import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.JobView;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.operation.queue.QueueView;
import dev.dueline.store.queue.ShardStats;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** All actions, each with a form that changes something for who may, and what they can change. */
final class ActionForms {
  static final String QUEUE = "own-q";

  /** Of each route; the queue is added. */
  private static final Map<String, List<String>> FIELDS =
      Map.ofEntries(
          Map.entry("/job/cancel", List.of("id", "j", "leased", "on")),
          Map.entry("/job/run", List.of("id", "j")),
          Map.entry("/job/reschedule", List.of("id", "j", "delay", "5m")),
          Map.entry("/jobs/cancel", List.of("id", "j", "id", "missing")),
          Map.entry("/jobs/run", List.of("id", "j")),
          Map.entry("/dead/redrive", List.of("all", "on")),
          Map.entry("/queue/pause", List.of()),
          Map.entry("/queue/resume", List.of()),
          Map.entry("/queue/limits", List.of("rate", "1")),
          Map.entry("/queue/purge", List.of("state", "pending", "confirm", QUEUE)),
          Map.entry("/queue/delete", List.of("confirm", QUEUE, "force", "on")),
          Map.entry("/schedule", List.of("id", "new", "delay", "1h")));

  private ActionForms() {}

  /** The path of each route of the console; a new one needs a form here. */
  static Stream<String> paths() {
    try (TestConsole console = TestConsole.open()) {
      if (!console.actions().equals(FIELDS.keySet())) {
        throw new AssertionError("forms and routes: " + FIELDS.keySet() + console.actions());
      }
    }
    return FIELDS.keySet().stream().sorted();
  }

  static List<String> fields(String path) {
    List<String> fields = new ArrayList<>(List.of("queue", QUEUE));
    fields.addAll(FIELDS.getOrDefault(path, List.of()));
    return fields;
  }

  /** Stores what the forms are about, and a queue of others. */
  static void fill(TestConsole console) {
    for (String queue : List.of(QUEUE, "others")) {
      console.schedule(
          queue,
          NewJob.of(
              new JobId("j"), new Due.After(60_000), "secret".getBytes(StandardCharsets.UTF_8)));
    }
    console.bury(QUEUE, "dead");
  }

  /** All that the forms can change; equal where nothing was changed. */
  static List<Object> state(TestConsole console) {
    if (!console.store.queues.containsKey(new QueueName(QUEUE))) {
      return List.of();
    }
    QueueView queue = console.queues.queues().find(new QueueName(QUEUE)).await().indefinitely();
    List<Object> state =
        new ArrayList<>(
            List.of(
                queue.isPaused(),
                queue.limits(),
                queue.sum(ShardStats::pending),
                queue.sum(ShardStats::due),
                queue.sum(ShardStats::dead)));
    for (String id : List.of("j", "dead", "new")) {
      console
          .jobs
          .jobs()
          .find(new QueueName(QUEUE), new JobId(id))
          .await()
          .indefinitely()
          .map(ActionForms::state)
          .ifPresent(state::add);
    }
    return state;
  }

  private static List<Object> state(JobView job) {
    return List.of(job.job().id(), job.state(), job.dueMs());
  }
}
