package dev.dueline.client.worker;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Works on jobs. Called on threads of the worker's pool, for several jobs at once. */
public interface JobHandler {
  /**
   * Works on one job, whose slot is taken until the stage completes. An exception, thrown or of the
   * stage, retries the job.
   */
  CompletionStage<Result> handle(Delivery delivery) throws Exception;

  /** Works on jobs in the thread that it is called on, which is interrupted to cancel it. */
  interface Blocking {
    /** Works on one job until it returns. An exception retries the job. */
    Result handle(Delivery delivery) throws Exception;
  }

  /** A handler that takes a thread of the pool for as long as it works. */
  static JobHandler blocking(Blocking handler) {
    return delivery -> {
      Interruption interruption = new Interruption(Thread.currentThread());
      delivery.onCancel(interruption::begin);
      try {
        return CompletableFuture.completedFuture(handler.handle(delivery));
      } finally {
        interruption.end();
      }
    };
  }
}
