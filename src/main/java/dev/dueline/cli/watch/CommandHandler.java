package dev.dueline.cli.watch;

import com.google.protobuf.ByteString;
import dev.dueline.cli.text.Console;
import dev.dueline.cli.text.Line;
import dev.dueline.cli.text.TimeText;
import dev.dueline.client.worker.Delivery;
import dev.dueline.client.worker.JobHandler;
import dev.dueline.client.worker.Result;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * Runs a shell command for each job: the payload is its standard input, the rest is in its
 * environment, and its exit code decides. A job that is cancelled has its command terminated, and
 * killed five seconds later.
 */
final class CommandHandler implements JobHandler.Blocking {
  /** EX_DATAERR of sysexits.h: the input is wrong, and will be. */
  private static final int EXIT_DEAD = 65;

  /** A shell adds the signal that ended its command. */
  private static final int EXIT_SIGNAL = 128;

  private static final int KILL_SECONDS = 5;

  /** For what a command wrote last; a process that it left behind may hold its standard error. */
  private static final int LAST_WORDS_MS = 2_000;

  private final String command;
  private final Console console;
  private final BooleanSupplier isStopping;
  private final ExecutorService pipes =
      Executors.newCachedThreadPool(
          action -> {
            Thread thread = new Thread(action, "dueline-exec");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * A handler that runs a command.
   *
   * @param isStopping whether a signal that ends a command may be one for all of them
   */
  CommandHandler(String command, Console console, BooleanSupplier isStopping) {
    this.command = command;
    this.console = console;
    this.isStopping = isStopping;
  }

  @Override
  public Result handle(Delivery delivery) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("sh", "-c", command);
    addTo(builder.environment(), delivery);
    Process process = builder.redirectOutput(ProcessBuilder.Redirect.INHERIT).start();
    try {
      pipes.execute(() -> write(process, delivery.payload()));
      CompletableFuture<String> lastWords =
          CompletableFuture.supplyAsync(() -> readErrors(process), pipes);
      return result(process.waitFor(), lastWords);
    } catch (InterruptedException e) {
      end(process);
      throw e;
    }
  }

  private static void addTo(Map<String, String> environment, Delivery delivery) {
    environment.put("DUELINE_QUEUE", delivery.queue());
    environment.put("DUELINE_JOB_ID", delivery.jobId());
    environment.put("DUELINE_ATTEMPT", Integer.toString(delivery.attempt()));
    environment.put("DUELINE_DUE_TIME", TimeText.format(delivery.job().getDueTime()));
    environment.put("DUELINE_LEASE_TOKEN", delivery.job().getLeaseToken());
    delivery
        .attributes()
        .forEach(
            (name, value) ->
                environment.put(
                    "DUELINE_ATTRIBUTE_"
                        + name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_"),
                    value));
  }

  private static void write(Process process, ByteString payload) {
    try (OutputStream in = process.getOutputStream()) {
      payload.writeTo(in);
    } catch (IOException e) {
      // The command does not read its input, which is its own affair.
    }
  }

  /** Passes standard error on, line by line; gives the last one. */
  private String readErrors(Process process) {
    String last = "";
    try (BufferedReader errors =
        new BufferedReader(
            new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
      for (String line = errors.readLine(); line != null; line = errors.readLine()) {
        console.err().println(Line.clean(line));
        last = line.isBlank() ? last : line;
      }
    } catch (IOException e) {
      // It was killed.
    }
    return last;
  }

  private Result result(int exitCode, CompletableFuture<String> lastWords)
      throws InterruptedException {
    if (exitCode == 0) {
      return Result.done();
    }
    if (exitCode > EXIT_SIGNAL && isStopping.getAsBoolean()) {
      return Result.giveBack();
    }
    String reason = "exit code " + exitCode;
    try {
      String line = lastWords.get(LAST_WORDS_MS, TimeUnit.MILLISECONDS);
      reason = line.isEmpty() ? reason : reason + ": " + line;
    } catch (TimeoutException | ExecutionException e) {
      // The code alone has to do.
    }
    return exitCode == EXIT_DEAD ? Result.dead(reason) : Result.failed(reason);
  }

  private static void end(Process process) throws InterruptedException {
    // A shell that is gone no longer tells which processes it began.
    List<ProcessHandle> all = process.descendants().toList();
    process.destroy();
    all.forEach(ProcessHandle::destroy);
    if (!process.waitFor(KILL_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    all.forEach(ProcessHandle::destroyForcibly);
  }
}
