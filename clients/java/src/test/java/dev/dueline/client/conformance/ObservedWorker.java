package dev.dueline.client.conformance;

import dev.dueline.client.Connection;
import dev.dueline.client.worker.Delivery;
import dev.dueline.client.worker.JobHandler;
import dev.dueline.client.worker.Result;
import dev.dueline.client.worker.Settlement;
import dev.dueline.client.worker.StopMode;
import dev.dueline.client.worker.Worker;
import dev.dueline.client.worker.WorkerListener;
import dev.dueline.client.worker.WorkerSettings;
import io.grpc.Status;
import java.io.PrintStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A worker whose handler does what the attributes of its job say, and that tells all it does. */
final class ObservedWorker implements WorkerListener {
  private final String name;
  private final PrintStream out;
  private final Worker worker;
  private final CompletableFuture<Void> told;
  private int running;
  private int maxRunning;

  ObservedWorker(Connection connection, WorkerSettings settings, String name, PrintStream out) {
    this.name = name;
    this.out = out;
    this.worker = new Worker(connection, settings, JobHandler.blocking(this::handle), this);
    this.told = worker.start().handle(this::ended);
  }

  void stop(StopMode mode, Duration timeout) {
    worker.stop(mode, timeout).join();
    told.join();
  }

  private Void ended(Void ignored, Throwable failure) {
    Map<String, Object> fields = new HashMap<>();
    fields.put("error", Message.error(failure));
    synchronized (this) {
      fields.put("max_running", maxRunning);
    }
    tell("ended", fields);
    return null;
  }

  private void tell(String event, Map<String, Object> fields) {
    Map<String, Object> all = new HashMap<>(fields);
    all.put("event", event);
    all.put("worker", name);
    Message.write(out, all);
  }

  private void tell(String event, Delivery delivery, Map<String, Object> fields) {
    Map<String, Object> all = new HashMap<>(fields);
    all.put("job_id", delivery.jobId());
    all.put("attempt", delivery.attempt());
    tell(event, all);
  }

  private Result handle(Delivery delivery) throws Exception {
    try {
      begin(delivery);
      return follow(delivery);
    } finally {
      synchronized (this) {
        running--;
      }
    }
  }

  private void begin(Delivery delivery) throws Exception {
    byte[] payload = delivery.payload().toByteArray();
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(payload);
    Map<String, Object> fields = new HashMap<>();
    synchronized (this) {
      fields.put("running", ++running);
      maxRunning = Math.max(maxRunning, running);
    }
    fields.put("queue", delivery.queue());
    fields.put("payload_size", payload.length);
    fields.put("payload_sha256", HexFormat.of().formatHex(digest));
    tell("begun", delivery, fields);
  }

  private Result follow(Delivery delivery) throws Exception {
    Map<String, String> attributes = delivery.attributes();
    String attempts = attributes.get("attempts");
    if (attempts != null && delivery.attempt() > Integer.parseInt(attempts)) {
      return Result.done();
    }
    long ms = Long.parseLong(attributes.getOrDefault("ms", "0"));
    String message = attributes.getOrDefault("message", "");
    switch (attributes.getOrDefault("do", "ok")) {
      case "sleep" -> sleep(delivery, ms);
      case "hang" -> hang(delivery, ms);
      case "fail" -> throw new IllegalStateException(message);
      case "retry" -> {
        return Result.retryIn(Duration.ofMillis(ms));
      }
      case "dead" -> {
        return Result.dead(message);
      }
      default -> {}
    }
    return Result.done();
  }

  private void sleep(Delivery delivery, long ms) throws InterruptedException {
    try {
      Thread.sleep(ms);
    } catch (InterruptedException e) {
      tell("cancelled", delivery, Map.of());
      throw e;
    }
  }

  private void hang(Delivery delivery, long ms) {
    long endNanos = System.nanoTime() + Duration.ofMillis(ms).toNanos();
    for (long left = ms; left > 0; left = (endNanos - System.nanoTime()) / 1_000_000) {
      try {
        Thread.sleep(left);
      } catch (InterruptedException e) {
        tell("cancelled", delivery, Map.of());
      }
    }
  }

  @Override
  public void connected() {
    tell("connected", Map.of());
  }

  @Override
  public void disconnected(Status status) {
    Map<String, Object> fields = new HashMap<>();
    fields.put("error", status.isOk() ? null : Message.error(status.asRuntimeException()));
    tell("disconnected", fields);
  }

  @Override
  public void finished(Delivery delivery, Settlement settlement, Duration ran) {
    tell("finished", delivery, Map.of("outcome", settlement.name().toLowerCase(Locale.ROOT)));
  }

  @Override
  public void leaseLost(Delivery delivery) {
    tell("lease_lost", delivery, Map.of());
  }
}
