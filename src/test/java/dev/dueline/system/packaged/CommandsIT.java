package dev.dueline.system.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.system.process.ClientProcess;
import dev.dueline.system.process.ServiceProcess;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the client as they are packaged, each a process, against the service. */
class CommandsIT {
  private static final String STOOD_STILL = "stood still until the call's time was over";

  private static ServiceProcess service;

  @BeforeAll
  static void start(@TempDir Path data) {
    // Redis may stand still for a moment with its machine.
    service =
        ServiceProcess.start("dueline.embedded.data-dir=" + data, "dueline.store.timeout=30s");
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void jobsAreScheduledReadMovedAndCanceled() {
    assertThat(
            done("schedule", "mail", "Dear Ann", "--id", "ann", "--in", "1h", "--attribute", "k=v"))
        .startsWith("created\tann\t");
    assertThat(done("schedule", "mail", "weekly", "--id", "w", "--cron", "0 9 * * MON"))
        .startsWith("created\tw\t");
    assertThat(done("get", "mail", "ann")).contains("state\tpending", "k=v", "Dear Ann");
    assertThat(done("list", "mail", "--payload")).contains("\tann\tpending\t", "\tw\tpending\t");
    assertThat(done("reschedule", "mail", "ann", "--in", "2h")).contains("ann");
    assertThat(done("cancel", "mail", "w")).isEqualTo("canceled\tw");
    ClientProcess again = run("cancel", "mail", "w");
    assertThat(again.exitCode()).isEqualTo(1);
    assertThat(again.out()).containsExactly("not-found\tw");
    assertThat(run("get", "mail", "nobody").err().toString()).contains("NOT_FOUND");
  }

  @Test
  void deliveriesAreExtendedNackedAndAcknowledged() {
    done("schedule", "calls", "now", "--id", "a");
    String line = done("watch", "calls", "--count", "1", "--lease", "1h");
    String token = line.substring(line.lastIndexOf('\t') + 1);
    assertThat(line).contains("\tcalls\ta\t1\t", "\tnow\t");
    assertThat(done("extend", token, "--lease", "2h")).startsWith("ok\t");
    assertThat(done("nack", token, "--dead", "--reason", "no")).startsWith("ok\t");
    assertThat(run("ack", token).out().toString()).contains("lost\t");
    assertThat(done("queue", "redrive", "calls", "a")).isEqualTo("redriven\t1");
    assertThat(done("watch", "calls", "--count", "1", "--ack")).contains("\tcalls\ta\t1\t");
  }

  @Test
  void idsArePrintedSoThatTheyCanBeGivenBack() {
    done(
        "schedule",
        "odd",
        "--id=-@ é\u202E",
        "--in",
        "1h",
        "--cron",
        "0 2 29 2 */7",
        "--zone",
        "EST");
    String printed = done("list", "odd").split("\t", -1)[1];
    assertThat(printed).startsWith("\\u{2d}@ ").endsWith("\\u{202e}");
    assertThat(done("get", "odd", printed)).contains("job_id\t" + printed, "time_zone\tEST");
    assertThat(done("cancel", "odd", printed)).isEqualTo("canceled\t" + printed);
  }

  @Test
  void aDeadJobThatKeepsItsIdIsHeardOf() {
    done("schedule", "nights", "--id", "nightly");
    String line = done("watch", "nights", "--count", "1", "--lease", "1h");
    done("nack", line.substring(line.lastIndexOf('\t') + 1), "--dead");
    ClientProcess again = run("schedule", "nights", "--id", "nightly");
    assertThat(again.exitCode()).isEqualTo(1);
    assertThat(again.out().toString()).contains("unchanged\tnightly\t");
    assertThat(again.err().toString()).contains("dead");
    assertThat(done("schedule", "nights", "--id", "nightly", "--on-conflict", "replace"))
        .startsWith("replaced\tnightly\t");
  }

  @Test
  void queuesAreLimitedPausedAndPurged() {
    done("schedule", "bulk", "b", "--id", "b", "--in", "1h");
    assertThat(done("queue", "limits", "bulk", "--rate", "5")).contains("5");
    assertThat(done("queue", "pause", "bulk")).isNotEmpty();
    assertThat(done("queue", "show", "bulk")).contains("paused");
    assertThat(done("queue", "resume", "bulk")).isNotEmpty();
    assertThat(done("queue", "list")).contains("bulk");
    assertThat(run("queue", "purge", "bulk", "--state", "pending").exitCode()).isEqualTo(2);
    assertThat(done("queue", "purge", "bulk", "--state", "pending", "--yes"))
        .contains("purged\t1\t0");
  }

  @Test
  void benchmarksCountTheirJobs() {
    JsonObject figures =
        new JsonObject(done("bench", "schedule", "--jobs", "200", "--warm-up", "20", "--json"));
    assertThat(figures.getInteger("jobs") + figures.getInteger("refusals")).isEqualTo(200);
    // Without a warm-up, for each waits for the lead; that is for a machine that stands still.
    assertThat(
            done("bench", "deliver", "--jobs", "200", "--warm-up", "0", "--lead", "12s", "--json"))
        .contains("\"jobs\":200");
  }

  @Test
  void helpAndVersionArePrinted() {
    assertThat(done("--help")).contains("schedule", "watch", "queue", "bench", "dev");
    assertThat(done("--version")).matches("dueline [0-9].*");
    assertThat(run("schedule").exitCode()).isEqualTo(2);
  }

  /** What a command prints that must succeed. */
  private static String done(String... words) {
    ClientProcess run = run(words);
    assertThat(run.exitCode()).as("%s", run).isZero();
    return String.join("\n", run.out());
  }

  /** Runs a command, and again while it is told that the replica stood still: nothing was done. */
  private static ClientProcess run(String... words) {
    String[] all =
        Stream.concat(Stream.of("--timeout", "40s"), Stream.of(words)).toArray(String[]::new);
    ClientProcess run = ClientProcess.of(service, all);
    for (int again = 0; again < 5 && run.err().toString().contains(STOOD_STILL); again++) {
      run = ClientProcess.of(service, all);
    }
    return run;
  }
}
