package dev.dueline.cli.queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import dev.dueline.cli.CommandRun;
import dev.dueline.client.ScriptedScheduler;
import dev.dueline.v1.CountJobsRequest;
import dev.dueline.v1.CountJobsResponse;
import dev.dueline.v1.JobState;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CountCommandTest {
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
  void countPrintsALineAPart() {
    service.<CountJobsRequest>reply(
        "CountJobs",
        request -> CountJobsResponse.newBuilder().addCounts(1).addCounts(2).addCounts(3).build());
    assertThat(
            CommandRun.on(
                    service,
                    "queue",
                    "count",
                    "mail",
                    "2030-01-01T00:00:00Z",
                    "2030-01-01T02:00:00+01:00",
                    "--state",
                    "dead")
                .out())
        .containsExactly(
            "-\t2030-01-01T00:00:00.000Z\t1",
            "2030-01-01T00:00:00.000Z\t2030-01-01T01:00:00.000Z\t2",
            "2030-01-01T01:00:00.000Z\t-\t3");
    assertThat(service.requests(CountJobsRequest.class).get(0).getState())
        .isEqualTo(JobState.JOB_STATE_DEAD);
    long before = System.currentTimeMillis();
    CommandRun.on(service, "queue", "count", "mail", "1m", "1h");
    CountJobsRequest fromNow = service.requests(CountJobsRequest.class).get(1);
    assertThat(Timestamps.toMillis(fromNow.getBoundaries(0)) - 60_000)
        .isBetween(before, System.currentTimeMillis());
    assertThat(Timestamps.between(fromNow.getBoundaries(0), fromNow.getBoundaries(1)))
        .isEqualTo(Durations.fromMinutes(59));
    assertThat(CommandRun.on(service, "queue", "count", "mail", "soon").exitCode()).isEqualTo(2);
  }
}
