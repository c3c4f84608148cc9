package dev.dueline.system.chaos;

import dev.dueline.system.chaos.nemesis.Fleet;
import dev.dueline.system.process.ServiceProcess;
import dev.dueline.v1.SchedulerServiceGrpc;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Replicas of the service on the same Redis, which can be killed and replaced. Thread-safe. */
final class Replicas implements Fleet, AutoCloseable {
  /** After which a fault has stopped deliveries for longer than is worth waiting for. */
  private static final Duration DELIVERY = Duration.ofSeconds(15);

  private final String[] settings;
  private final Optional<Path> older;
  private final History history;
  private final List<Replica> running = new ArrayList<>();
  private final List<String> logs = new ArrayList<>();
  private final List<Integer> exits = new ArrayList<>();

  /** Starts them, and waits until they take calls. */
  Replicas(List<String> settings, int count, Optional<Path> older, History history) {
    List<String> all = new ArrayList<>(settings);
    all.addAll(List.of("dueline.drain.timeout=1s", "-Xmx256m"));
    this.settings = all.toArray(String[]::new);
    this.older = older;
    this.history = history;
    IntStream.range(0, count)
        .mapToObj(i -> CompletableFuture.supplyAsync(() -> start(false)))
        .toList()
        .forEach(starting -> running.add(starting.join()));
  }

  /** A process, and which build it is of. */
  private record Replica(ServiceProcess process, boolean isOlder) {}

  /** Calls to any of them, with a bounded wait. */
  SchedulerServiceGrpc.SchedulerServiceStub any(RandomGenerator random) {
    return stream(random).withDeadlineAfter(5, TimeUnit.SECONDS);
  }

  /** Streams from any of them. */
  SchedulerServiceGrpc.SchedulerServiceStub stream(RandomGenerator random) {
    return SchedulerServiceGrpc.newStub(pick(random.nextInt(1 << 20)).process().channel());
  }

  @Override
  public void killOne(int victim) {
    Replica killed = pick(victim);
    remove(killed);
    killed.process().kill();
    keepLog(killed);
    add(start(killed.isOlder()));
  }

  @Override
  public Runnable stopOne(int victim) {
    ServiceProcess stopped = pick(victim).process();
    stopped.stop();
    return stopped::resume;
  }

  @Override
  public void restartAll() {
    for (Replica leaving : all()) {
      // It is asked until it hangs up, as clients do that hear of its leaving by its leaving.
      int code = leaving.process().terminate();
      remove(leaving);
      synchronized (this) {
        exits.add(code);
      }
      keepLog(leaving);
      add(start(older.isPresent() && !leaving.isOlder()));
    }
  }

  @Override
  public void awaitDelivery(long afterUs) {
    try {
      Awaitility.await()
          .atMost(DELIVERY)
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(5))
          .until(() -> history.lastDispatchMs() * 1_000 > afterUs);
    } catch (ConditionTimeoutException e) {
      System.out.println("no delivery within " + DELIVERY);
    }
  }

  /** What each that ever ran has logged. */
  synchronized List<String> logs() {
    List<String> found = new ArrayList<>(logs);
    running.forEach(replica -> found.add(replica.process().log()));
    return found;
  }

  /** With what those ended that were asked to go. */
  synchronized List<Integer> exits() {
    return List.copyOf(exits);
  }

  /** Those that run now. */
  synchronized List<ServiceProcess> processes() {
    return running.stream().map(Replica::process).toList();
  }

  private synchronized List<Replica> all() {
    return List.copyOf(running);
  }

  private synchronized Replica pick(int choice) {
    return running.get(choice % running.size());
  }

  private synchronized void remove(Replica replica) {
    running.remove(replica);
  }

  private synchronized void add(Replica replica) {
    running.add(replica);
  }

  private synchronized void keepLog(Replica replica) {
    logs.add(replica.process().log());
  }

  private Replica start(boolean isOlder) {
    return isOlder
        ? new Replica(ServiceProcess.start(older.orElseThrow(), settings), true)
        : new Replica(ServiceProcess.start(settings), false);
  }

  @Override
  public void close() {
    all().forEach(replica -> replica.process().kill());
  }
}
