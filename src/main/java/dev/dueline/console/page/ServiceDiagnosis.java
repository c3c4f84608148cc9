package dev.dueline.console.page;

import dev.dueline.console.http.Caller;
import dev.dueline.console.live.ReplicaFacts;
import dev.dueline.console.live.ReplicaFacts.ClockStep;
import dev.dueline.console.live.ReplicaFacts.Memory;
import dev.dueline.console.live.ReplicaFacts.Repairs;
import dev.dueline.console.live.Samples;
import dev.dueline.console.live.Samples.Failing;
import dev.dueline.console.text.Spans;
import dev.dueline.console.text.Urls;
import dev.dueline.console.view.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Says what is wrong with the store, and was of late: as far as it concerns who asks. */
final class ServiceDiagnosis {
  /** As the alert DuelineRedisMemoryHigh has it. */
  private static final int FULL_PERCENT = 80;

  /** Most queues that are named in one sentence. */
  private static final int MAX_NAMES = 10;

  private final ReplicaFacts replica;

  ServiceDiagnosis(ReplicaFacts replica) {
    this.replica = replica;
  }

  /** All that is wrong, the worst first. Servers are named to those who may look at all queues. */
  List<Problem> problems(Samples samples, Caller caller, long nowMs) {
    List<Problem> problems = new ArrayList<>();
    Failing failing = samples.failing();
    if (failing != null) {
      problems.add(failing(failing, nowMs));
    }
    List<String> unreadable = samples.unreadable().stream().filter(caller::maySee).toList();
    if (!unreadable.isEmpty()) {
      problems.add(unreadable(unreadable));
    }
    boolean namesServers = caller.visible().isAll();
    samples.memory().stream()
        .filter(each -> percent(each) >= FULL_PERCENT)
        .sorted(Comparator.comparingLong(ServiceDiagnosis::percent).reversed())
        .map(each -> memory(each, namesServers))
        .forEach(problems::add);
    replica.clockSteps().stream()
        .limit(1)
        .map(step -> clock(step, namesServers, nowMs))
        .forEach(problems::add);
    replica.repairs().stream()
        .filter(each -> caller.maySee(each.queue()))
        .map(each -> repaired(each, nowMs))
        .forEach(problems::add);
    return problems;
  }

  private static Problem failing(Failing failing, long nowMs) {
    return new Problem(
        true,
        "",
        "Redis has %s for %s, so jobs wait; below is how queues stood before."
            .formatted(
                failing.isRefusal() ? "refused the service by its configuration" : "not answered",
                Spans.text(Math.max(0, nowMs - failing.sinceMs()))),
        failing.isRefusal()
            ? "The log says what to change."
            : "See the service's log and readiness for the cause.",
        "");
  }

  private static Problem unreadable(List<String> queues) {
    String names = String.join(", ", queues.subList(0, Math.min(MAX_NAMES, queues.size())));
    int more = queues.size() - MAX_NAMES;
    return new Problem(
        true,
        "",
        queues.size() == 1
            ? "The queue %s cannot be read.".formatted(names)
            : "%d queues cannot be read: %s%s."
                .formatted(queues.size(), names, more > 0 ? " and " + more + " more" : ""),
        "See the service's log for the cause: a primary that is down, or data that is no queue's.",
        "");
  }

  private static long percent(Memory memory) {
    return memory.maxBytes() == 0 ? 0 : memory.usedBytes() * 100 / memory.maxBytes();
  }

  private static Problem memory(Memory memory, boolean namesServers) {
    boolean isFull = memory.usedBytes() >= memory.maxBytes();
    String redis = namesServers ? "Redis at " + memory.primary() : "Redis";
    return new Problem(
        isFull,
        "",
        isFull
            ? "The memory of %s is full: it refuses to store jobs.".formatted(redis)
            : "The memory of %s is full to %d %%; once it is, no job is stored any longer."
                .formatted(redis, percent(memory)),
        "Raise maxmemory, purge what nobody needs, or see which queue grows.",
        "");
  }

  private static Problem clock(ClockStep step, boolean namesServers, long nowMs) {
    return new Problem(
        false,
        "",
        "The clock of Redis%s was set %s by about %s, %s ago."
            .formatted(
                namesServers ? " at " + step.server() : "",
                step.by().isNegative() ? "back" : "forward",
                Spans.text(step.by().abs().toMillis()),
                Spans.text(Math.max(0, nowMs - step.atMs()))),
        "Jobs are due by the clock that is now; look at the time service of its machine.",
        "");
  }

  private static Problem repaired(Repairs repairs, long nowMs) {
    return new Problem(
        false,
        repairs.queue(),
        "A sweep repaired %d inconsistencies, the last %s ago."
            .formatted(repairs.count(), Spans.text(Math.max(0, nowMs - repairs.atMs()))),
        "Whether Redis lost writes, by a failover or a restored backup, says its log.",
        Urls.of("/queue", "queue", repairs.queue()));
  }
}
