package dev.dueline.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.cli.CommandRun;
import dev.dueline.system.process.ServiceProcess;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** A benchmark in this process, against a service in another, in a queue of its own. */
public final class Benchmark {
  /** What the log, or a refusal, says of a replica or a Redis that stood still. */
  private static final String STOOD_STILL = "stood still";

  /** Of a run that had nothing to measure, since its jobs were due before all were stored. */
  private static final String LONGER_LEAD = "give a longer --lead";

  private static final List<String> LEADS = List.of("5s", "20s", "60s");

  /** Runs that the machine may spoil. */
  private static final int MOST_RUNS = 6;

  private Benchmark() {}

  /**
   * Runs a scenario, which must do well, and gives its figures. It is run again where the replica
   * stood still meanwhile and therefore refused calls, which it is to do; and with a longer lead
   * where it says that it needs one.
   *
   * @param line the command line from the scenario on
   */
  public static JsonObject of(ServiceProcess service, String line) {
    List<String> words = new ArrayList<>(List.of(("bench " + line + " --json").split(" ")));
    int leads = 0;
    for (int runs = 1; ; runs++) {
      long stood = standstills(service);
      CommandRun run =
          CommandRun.of("127.0.0.1:" + service.port(), "", words.toArray(String[]::new));
      boolean isLate = run.err().toString().contains(LONGER_LEAD);
      boolean isSpoiled =
          isLate
              || run.err().toString().contains(STOOD_STILL)
              || (standstills(service) > stood && !isWhole(run));
      if (!isSpoiled || runs == MOST_RUNS) {
        assertThat(run.exitCode()).describedAs("%s %s", run.err(), run.out()).isZero();
        assertThat(run.out()).hasSize(1);
        return new JsonObject(run.out().get(0));
      }
      if (isLate) {
        lead(words, LEADS.get(Math.min(leads++, LEADS.size() - 1)));
      }
    }
  }

  private static void lead(List<String> words, String lead) {
    int option = words.indexOf("--lead");
    if (option < 0) {
      words.addAll(List.of("--lead", lead));
    } else {
      words.set(option + 1, lead);
    }
  }

  /** Whether nothing was refused, and what was read of the service is not from before. */
  private static boolean isWhole(CommandRun run) {
    if (run.exitCode() != 0 || run.out().size() != 1) {
      return false;
    }
    JsonObject figures = new JsonObject(run.out().get(0));
    return !figures.containsKey("used_after_bytes")
        && figures.fieldNames().stream()
            .filter(name -> name.endsWith("refusals"))
            .allMatch(name -> figures.getInteger(name) == 0);
  }

  private static long standstills(ServiceProcess service) {
    return service.log().lines().filter(line -> line.contains(STOOD_STILL)).count();
  }
}
