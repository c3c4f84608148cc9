package dev.dueline.system.chaos;

import static org.awaitility.Awaitility.await;

import dev.dueline.system.chaos.nemesis.FaultKind;
import dev.dueline.system.chaos.nemesis.Nemesis;
import dev.dueline.system.chaos.nemesis.Plan;
import dev.dueline.system.chaos.nemesis.Strike;
import dev.dueline.system.chaos.topology.Topology;
import dev.dueline.system.process.ManagementPage;
import dev.dueline.system.process.ServiceProcess;
import dev.dueline.v1.Job;
import dev.dueline.v1.JobState;
import dev.dueline.v1.ListJobsRequest;
import dev.dueline.v1.ListJobsResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionTimeoutException;

/** Processes, a load, faults; and at the end the history, and what it proves. */
final class ChaosRun {
  private static final int REPLICAS = 3;

  /** A job is with its worker for 0.4 s in the mean, and a worker has credit for 20. */
  private static final int JOBS_A_SECOND_OF_A_WORKER = 20;

  private static final int STEADY_WORKERS = 3;

  /** For replicas to find what became of calls that a fault cut short. */
  private static final long AFTERMATH_US = 1_000_000;

  /** For all jobs to end, once nothing goes wrong any more. */
  private static final Duration END = Duration.ofSeconds(300);

  /** What a failover may forget was answered this long before its fault at most. */
  private static final long GAP_US = 1_000_000;

  private final Settings settings;
  private final History history = new History();
  private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(4);

  ChaosRun(Settings settings) {
    this.settings = settings;
    executor.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
  }

  /**
   * What a run showed.
   *
   * @param foundOverdue the replicas' {@code dueline_backstop_found_overdue_total}
   */
  record Result(Verdict verdict, List<Strike> strikes, Timings timings, double foundOverdue) {}

  /** Does all of it; processes keep their files in that directory. */
  Result run(Path data) throws Exception {
    System.out.printf("chaos, %s%n", settings);
    try (Topology topology = Topology.start(settings.topology(), data, settings.isBrief());
        Replicas replicas =
            new Replicas(topology.settings(), REPLICAS, settings.older(), history)) {
      StoreTime time = new StoreTime(topology.clock());
      Client client = new Client(replicas, history, time, settings.seed());
      List<Worker> workers =
          IntStream.range(0, Math.max(4, settings.rate() / JOBS_A_SECOND_OF_A_WORKER))
              .mapToObj(i -> worker("w" + i, Client.QUEUE, client, replicas))
              .collect(Collectors.toCollection(ArrayList::new));
      for (int i = 0; i < STEADY_WORKERS; i++) {
        workers.add(worker("s" + i, Client.STEADY, client, replicas));
      }
      workers.forEach(Worker::connect);
      Load load = new Load(client, replicas, history, executor);
      ScheduledFuture<?> pace = load.start(settings.rate());
      List<Strike> strikes = strike(topology, replicas);
      long struckUs = Client.nowUs();
      long epoch = topology.epoch();
      awaitAStop();
      pace.cancel(false);
      workers.forEach(Worker::becomeGentle);
      awaitEnd(client, replicas, load);
      if (topology.epoch() != epoch) {
        // By itself, where a primary stood still for a second with the machine.
        history.add(new History.Failover("NONE", struckUs - GAP_US, struckUs, Client.nowUs()));
        history.add(new History.Disturbed(struckUs - GAP_US, Client.nowUs()));
      }
      double foundOverdue = foundOverdue(replicas);
      workers.forEach(Worker::stop);
      executor.shutdown();
      executor.awaitTermination(10, TimeUnit.SECONDS);
      return result(strikes, replicas, foundOverdue);
    } finally {
      executor.shutdownNow();
    }
  }

  private Worker worker(String name, String queue, Client client, Replicas replicas) {
    return new Worker(name, queue, client, replicas, history, executor);
  }

  private List<Strike> strike(Topology topology, Replicas replicas) {
    Plan plan =
        new Plan(
            settings.seed(), settings.kinds(topology.canFailOver(), topology.clock().isPresent()));
    Duration time = Duration.ofSeconds(settings.seconds());
    List<Strike> strikes;
    try (Nemesis nemesis = new Nemesis(topology, replicas, Client.QUEUE)) {
      strikes = nemesis.run(plan, time, settings.leastQuietMs(), settings.mostQuietMs());
    }
    for (Strike strike : strikes) {
      history.add(new History.Disturbed(strike.fromUs(), strike.settledUs() + AFTERMATH_US));
      if (strike.isFailover()) {
        history.add(
            new History.Failover(
                strike.fault().kind().name(),
                strike.fromUs() - GAP_US,
                strike.fromUs(),
                strike.settledUs()));
      }
      if (strike.fault().kind() == FaultKind.CLOCK_STEP) {
        history.add(new History.ClockStep(strike.fromUs(), strike.reachableUs()));
      }
      if (strike.fault().kind() == FaultKind.FLUSH) {
        history.add(new History.Flush(strike.fromUs(), strike.reachableUs()));
      }
      if (strike.fault().kind() == FaultKind.MEMORY_FULL) {
        history.add(new History.MemoryFull(strike.fromUs(), strike.reachableUs()));
      }
    }
    return strikes;
  }

  /**
   * On a busy machine a short run is over before the first watch is; the load goes on until then.
   */
  private void awaitAStop() {
    await("a watch that was stopped")
        .atMost(END)
        .until(() -> !history.all(History.Stopped.class).isEmpty());
  }

  private void awaitEnd(Client client, Replicas replicas, Load load) {
    try {
      await("all jobs to end")
          .atMost(END)
          .pollInterval(Duration.ofMillis(500))
          .during(Duration.ofSeconds(2))
          .ignoreException(CompletionException.class)
          .until(
              () ->
                  load.isQuiet()
                      && client.isQuiet()
                      && jobs(replicas, client, JobState.JOB_STATE_PENDING).isEmpty()
                      && jobs(replicas, client, JobState.JOB_STATE_LEASED).isEmpty());
    } catch (ConditionTimeoutException e) {
      history.add(new History.Refused("not all jobs have ended"));
    }
    for (JobState state : List.of(JobState.JOB_STATE_PENDING, JobState.JOB_STATE_LEASED)) {
      awaitJobs(replicas, client, state)
          .forEach(job -> history.add(new History.Refused("has not ended: " + job)));
    }
    awaitJobs(replicas, client, JobState.JOB_STATE_DEAD)
        .forEach(job -> history.add(new History.Remains(job.getJobId(), "dead")));
  }

  private static List<Job> awaitJobs(Replicas replicas, Client client, JobState state) {
    return await("an answer")
        .atMost(END)
        .ignoreException(CompletionException.class)
        .until(() -> jobs(replicas, client, state), found -> true);
  }

  private static List<Job> jobs(Replicas replicas, Client client, JobState state) {
    List<Job> found = new ArrayList<>();
    for (String queue : List.of(Client.QUEUE, Client.STEADY)) {
      found.addAll(jobs(queue, replicas, client, state));
    }
    return found;
  }

  private static List<Job> jobs(String queue, Replicas replicas, Client client, JobState state) {
    List<Job> found = new ArrayList<>();
    String page = "";
    do {
      ListJobsRequest request =
          ListJobsRequest.newBuilder()
              .setQueue(queue)
              .setState(state)
              .setPageSize(1_000)
              .setPageToken(page)
              .build();
      Unary<ListJobsResponse> reply = new Unary<>();
      replicas.any(client.random()).listJobs(request, reply);
      ListJobsResponse response = reply.join();
      found.addAll(response.getJobsList());
      page = response.getNextPageToken();
    } while (!page.isEmpty());
    return found;
  }

  private static double foundOverdue(Replicas replicas) {
    double found = 0;
    for (ServiceProcess replica : replicas.processes()) {
      found += ManagementPage.metrics(replica).sum("dueline_backstop_found_overdue_total");
    }
    return found;
  }

  private Result result(List<Strike> strikes, Replicas replicas, double foundOverdue)
      throws IOException {
    Verdict verdict = HistoryChecker.check(history);
    // Those of the queue of which the nemesis tells whether a fault hit it.
    List<History.Delivered> deliveries =
        history.all(History.Delivered.class, History.Delivered::dispatchMs).stream()
            .filter(delivery -> delivery.job().startsWith(Client.QUEUE))
            .toList();
    Timings timings = new Timings(deliveries, strikes);
    new Report(settings)
        .load(history)
        .verdict(verdict)
        .timings(timings, strikes)
        .replicas(new ServiceLogs(replicas.logs()), replicas.exits(), foundOverdue)
        .broken(verdict)
        .publish();
    return new Result(verdict, strikes, timings, foundOverdue);
  }
}
