package dev.dueline.store.redis;

import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.NewJob;
import dev.dueline.job.RetryPolicy;
import dev.dueline.job.TraceParent;
import dev.dueline.job.recurrence.Cron;
import dev.dueline.job.recurrence.Every;
import dev.dueline.job.recurrence.MissedRuns;
import dev.dueline.job.recurrence.Recurrence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A record as some version wrote it, kept for ever: {@code src/test/resources/records} has a file
 * for each layout from 3 on, with a line for each of the jobs below.
 *
 * @param job that it is of
 */
record GoldenRecord(int layout, String name, NewJob job, byte[] bytes) {
  static final JobId ID = new JobId("golden");
  static final long DUE_MS = 1_800_000_000_000L;
  static final long CREATED_MS = 1_700_000_000_001L;
  private static final byte[] PAYLOAD = {1, 2, 3};
  private static final Path FOLDER = Path.of("src/test/resources/records");

  /** Those of one layout. */
  static List<GoldenRecord> of(int layout) throws IOException {
    Map<String, NewJob> jobs = jobs();
    return Files.readAllLines(FOLDER.resolve("layout-" + layout + ".txt")).stream()
        .map(line -> line.split(" ", -1))
        .map(
            line ->
                new GoldenRecord(
                    layout,
                    line[0],
                    Objects.requireNonNull(jobs.get(line[0])),
                    HexFormat.of().parseHex(line[1])))
        .toList();
  }

  /** One job for each section, and one that has all of them. */
  static Map<String, NewJob> jobs() {
    TraceParent sampled =
        new TraceParent("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", (byte) 1);
    TraceParent other = new TraceParent(sampled.traceId(), sampled.spanId(), (byte) 0);
    RetryPolicy policy = new RetryPolicy(5, 1_000, 60_000, 1.5, 0.25);
    Recurrence every = new Recurrence(new Every(60_000), Due.MAX_MS, 10, MissedRuns.RUN_ONCE);
    Recurrence cron =
        new Recurrence(new Cron("0 4 * * *", "Europe/Berlin"), 2 * DUE_MS, 0, MissedRuns.SKIP);
    Map<String, String> texts = Map.of("name", "Ünïcode", "long", "x".repeat(300));
    Map<String, NewJob> jobs = new LinkedHashMap<>();
    jobs.put("plain", job(new Due.At(DUE_MS), Map.of(), null, 0, null, null));
    jobs.put("ttl", job(new Due.At(DUE_MS), Map.of(), null, 3_600_000, null, null));
    jobs.put("policy", job(new Due.At(DUE_MS), Map.of(), policy, 0, null, null));
    jobs.put("attributes", job(new Due.At(DUE_MS), texts, null, 0, null, null));
    jobs.put("trace", job(new Due.At(DUE_MS), Map.of(), null, 0, null, sampled));
    jobs.put("unsampled", job(new Due.At(DUE_MS), Map.of(), null, 0, null, other));
    jobs.put("interval", job(new Due.At(DUE_MS), Map.of(), null, 0, every, null));
    jobs.put("cron", job(new Due.ByRule(DUE_MS), Map.of(), null, 0, cron, null));
    jobs.put("all", job(new Due.ByRule(DUE_MS), texts, policy, 60_000, cron, other));
    return jobs;
  }

  private static NewJob job(
      Due due,
      Map<String, String> attributes,
      @Nullable RetryPolicy policy,
      long ttlMs,
      @Nullable Recurrence recurrence,
      @Nullable TraceParent trace) {
    SortedMap<String, String> sorted = new TreeMap<>(attributes);
    return new NewJob(ID, due, PAYLOAD, sorted, policy, ttlMs, recurrence, trace);
  }
}
