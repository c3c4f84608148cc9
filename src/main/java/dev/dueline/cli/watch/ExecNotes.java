package dev.dueline.cli.watch;

import dev.dueline.cli.remote.CallFailure;
import dev.dueline.cli.text.Console;
import dev.dueline.cli.text.IdText;
import dev.dueline.client.worker.Delivery;
import dev.dueline.client.worker.Settlement;
import dev.dueline.client.worker.Worker;
import dev.dueline.client.worker.WorkerListener;
import io.grpc.Status;
import java.time.Duration;
import java.util.Locale;

/** Notes what a worker's jobs came to, unless they are done, on standard error. */
final class ExecNotes implements WorkerListener {
  private final Console console;
  private boolean isBroken;

  ExecNotes(Console console) {
    this.console = console;
  }

  @Override
  public void connected() {
    if (isBroken) {
      isBroken = false;
      console.note("watching again");
    }
  }

  @Override
  public void disconnected(Status status) {
    if (!status.isOk() && !Worker.isRefusal(status) && !isBroken) {
      isBroken = true;
      console.note(CallFailure.of(status.asRuntimeException()).line() + "; trying again");
    }
  }

  @Override
  public void finished(Delivery delivery, Settlement settlement, Duration ran) {
    if (settlement != Settlement.ACKED) {
      console.note(
          IdText.format(delivery.queue())
              + " "
              + IdText.format(delivery.jobId())
              + " attempt "
              + delivery.attempt()
              + ": "
              + settlement.name().toLowerCase(Locale.ROOT).replace('_', ' '));
    }
  }
}
