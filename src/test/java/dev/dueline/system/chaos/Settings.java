package dev.dueline.system.chaos;

import dev.dueline.system.chaos.nemesis.FaultKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a run is told by system properties.
 *
 * @param topology single, sentinel, cluster or replicated
 * @param seconds during which faults begin
 * @param rate jobs scheduled a second
 * @param seed of the plan and of the load
 * @param faults all, none, or names of kinds with commas
 * @param older another build of the service, for rolling restarts
 * @param isResumeJudged whether a slow resumption fails the run
 */
record Settings(
    String topology,
    int seconds,
    int rate,
    long seed,
    String faults,
    Optional<Path> older,
    boolean isResumeJudged) {

  /** By hand if a topology is named; else empty. */
  static Optional<Settings> byHand() {
    return Optional.ofNullable(System.getProperty("dueline.chaos.topology"))
        .map(topology -> of(topology, "all", 60, 200));
  }

  /** A short run, where no property says otherwise. */
  static Settings brief(String topology, String faults, int seconds) {
    return of(topology, faults, seconds, 100);
  }

  private static Settings of(String topology, String faults, int seconds, int rate) {
    return new Settings(
        topology,
        Integer.getInteger("dueline.chaos.seconds", seconds),
        Integer.getInteger("dueline.chaos.rate", rate),
        Long.getLong("dueline.test.seed", System.nanoTime()),
        System.getProperty("dueline.chaos.faults", faults),
        Optional.ofNullable(System.getProperty("dueline.chaos.older")).map(Path::of),
        Boolean.getBoolean("dueline.chaos.judge-resume"));
  }

  /** What may go wrong, of what can. */
  List<FaultKind> kinds(boolean canFailOver, boolean canStep) {
    List<FaultKind> possible = FaultKind.all(canFailOver, canStep);
    return switch (faults) {
      case "all" -> possible;
      case "none" -> List.of();
      default -> Stream.of(faults.split(",")).map(name -> possible(name, possible)).toList();
    };
  }

  private static FaultKind possible(String name, List<FaultKind> possible) {
    FaultKind kind = FaultKind.valueOf(name);
    if (!possible.contains(kind)) {
      throw new IllegalArgumentException(kind + " is not possible here");
    }
    return kind;
  }

  /** Whether it is part of a build, which nobody wants to wait for. */
  boolean isBrief() {
    return seconds < 60;
  }

  /** Between two faults, at least; in short runs they follow each other at once, nearly. */
  long leastQuietMs() {
    return Long.getLong("dueline.chaos.quiet", isBrief() ? 500 : 4_000);
  }

  /** Between two faults, at most. */
  long mostQuietMs() {
    return 2 * leastQuietMs();
  }
}
