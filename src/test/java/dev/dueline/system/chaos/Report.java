package dev.dueline.system.chaos;

import dev.dueline.system.chaos.History.Answer;
import dev.dueline.system.chaos.History.Canceled;
import dev.dueline.system.chaos.History.Delivered;
import dev.dueline.system.chaos.History.Full;
import dev.dueline.system.chaos.History.Scheduled;
import dev.dueline.system.chaos.History.StopAsked;
import dev.dueline.system.chaos.History.Stopped;
import dev.dueline.system.chaos.Timings.Phase;
import dev.dueline.system.chaos.nemesis.FaultKind;
import dev.dueline.system.chaos.nemesis.Strike;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What a run showed, for people. */
final class Report {
  private final StringBuilder text = new StringBuilder();
  private final Settings settings;

  Report(Settings settings) {
    this.settings = settings;
    line(
        "# Chaos: %s, %d s, %d jobs/s, seed %d",
        settings.topology(), settings.seconds(), settings.rate(), settings.seed());
    line("");
  }

  /** What was asked and answered. */
  Report load(History history) {
    List<Scheduled> jobs = history.all(Scheduled.class);
    List<Delivered> deliveries = history.all(Delivered.class);
    long again = deliveries.stream().filter(delivery -> delivery.attempt() > 1).count();
    long canceled =
        history.all(Canceled.class).stream().filter(call -> call.answer() == Answer.YES).count();
    line("| | |");
    line("|---|---|");
    line("| jobs scheduled | %d |", count(jobs, Answer.YES));
    line("| … of them asked for again | %d |", jobs.stream().filter(Report::isRetried).count());
    line("| … refused, out of memory | %d |", count(jobs, Answer.NO));
    line("| … never answered | %d |", count(jobs, Answer.UNKNOWN));
    line("| … with a request id, asked for again | %d |", repeatedById(jobs));
    line("| calls refused, out of memory | %d |", history.all(Full.class).size());
    line("| deliveries, second and later ones | %d, %d |", deliveries.size(), again);
    line("| cancels granted | %d |", canceled);
    line(
        "| watches stopped: calls, unanswered, streams that said so | %d, %d, %d |",
        history.all(StopAsked.class).size(),
        history.all(StopAsked.class).stream().filter(stop -> stop.answer() != Answer.YES).count(),
        history.all(Stopped.class).size());
    line(
        "| deliveries of the queue whose workers all stop so | %d |",
        deliveries.stream().filter(d -> d.job().startsWith(Client.STEADY)).count());
    return this;
  }

  private static boolean isRetried(Scheduled job) {
    return job.answer() == Answer.YES && job.unanswered() > 0;
  }

  private static long repeatedById(List<Scheduled> jobs) {
    return jobs.stream().filter(job -> job.hasRequestId() && isRetried(job)).count();
  }

  private static long count(List<Scheduled> jobs, Answer answer) {
    return jobs.stream().filter(job -> job.answer() == answer).count();
  }

  /** What the history proves. */
  Report verdict(Verdict verdict) {
    line("| **lost** | %d |", broken(verdict, Verdict.LOST));
    line("| **early** | %d |", broken(verdict, "early"));
    line("| **promises broken in all** | %d |", verdict.broken().size());
    verdict
        .explained()
        .forEach((kind, count) -> line("| explained by a failover: %s | %d |", kind, count));
    line("| … lost, by fault | %s |", verdict.lostByFault());
    line("| … greatest distance from its fault, ms | %d |", verdict.greatestDistanceMs());
    return this;
  }

  private static long broken(Verdict verdict, String kind) {
    return verdict.broken().stream().filter(promise -> promise.startsWith(kind + ":")).count();
  }

  /** How fast it went on; lateness is p50 / p99 / max. */
  Report timings(Timings timings, List<Strike> strikes) {
    line(
        "| lateness of first deliveries, ms, p50 / p99 / max | %s |",
        Timings.summary(timings.lateness()));
    line("| faults | %d |", strikes.size());
    line("| failovers | %d |", strikes.stream().filter(Strike::isFailover).count());
    line("");
    line(
        "Resume: from Redis being reachable to the first delivery, ms. Lateness: first deliveries");
    line(
        "of jobs due in the 5 s before, during, and in the 5 s after a fault, ms, p50 / p99 / max.");
    line("");
    line(
        "| Fault | n | failovers | unreachable, ms, max | resume, median | max | before | during | after |");
    line("|---|---|---|---|---|---|---|---|---|");
    for (FaultKind kind : FaultKind.values()) {
      List<Strike> own = strikes.stream().filter(strike -> strike.fault().kind() == kind).toList();
      if (!own.isEmpty()) {
        long[] resume = timings.resumeMs(kind);
        line(
            "| %s | %d | %d | %d | %d | %d | %s | %s | %s |",
            kind,
            own.size(),
            own.stream().filter(Strike::isFailover).count(),
            own.stream().mapToLong(s -> s.reachableUs() - s.fromUs()).max().orElse(0) / 1_000,
            Timings.percentile(resume, 50),
            Timings.max(resume),
            Timings.summary(timings.lateness(kind, Phase.BEFORE)),
            Timings.summary(timings.lateness(kind, Phase.DURING)),
            Timings.summary(timings.lateness(kind, Phase.AFTER)));
      }
    }
    return this;
  }

  /** What replicas said, and counted. */
  Report replicas(ServiceLogs logs, List<Integer> exits, double foundOverdue) {
    line("");
    line(
        "Lines of WARN and ERROR, each replica that ever ran: %s; of all kinds: %s.",
        logs.counts(), logs.lines());
    line(
        "Exit codes after SIGTERM: %s. Jobs that only the backstop found: %.0f.",
        exits, foundOverdue);
    line("");
    logs.mostFrequent(10).forEach(kind -> line("    %s", kind));
    return this;
  }

  /** The broken promises themselves, the first of them. */
  Report broken(Verdict verdict) {
    line("");
    Stream<String> shown = verdict.broken().stream().limit(50);
    shown.forEach(promise -> line("* %s", promise));
    return this;
  }

  /** Prints it, and writes it to {@code target/chaos}. */
  void publish() throws IOException {
    System.out.println(text);
    Path folder = Files.createDirectories(Path.of("target", "chaos"));
    Files.writeString(folder.resolve("REPORT-" + settings.topology() + ".md"), text);
  }

  private void line(String format, Object... values) {
    text.append(values.length == 0 ? format : String.format(format, values)).append('\n');
  }
}
