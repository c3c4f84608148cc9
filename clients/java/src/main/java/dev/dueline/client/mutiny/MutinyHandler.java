package dev.dueline.client.mutiny;

import dev.dueline.client.worker.Delivery;
import dev.dueline.client.worker.JobHandler;
import dev.dueline.client.worker.Result;
import io.smallrye.mutiny.Uni;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Handlers that are {@link Uni}s. */
public final class MutinyHandler {
  private MutinyHandler() {}

  /** Subscribes to a Uni for each job; the subscription is cancelled when the job is. */
  public static JobHandler of(Function<Delivery, Uni<Result>> handler) {
    return delivery -> {
      CompletableFuture<Result> result = new CompletableFuture<>();
      var subscription =
          handler.apply(delivery).subscribe().with(result::complete, result::completeExceptionally);
      delivery.onCancel(
          () -> {
            subscription.cancel();
            result.cancel(false);
          });
      return result;
    };
  }
}
