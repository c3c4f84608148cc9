package dev.dueline.console.render;

import dev.dueline.console.http.RefusedException;
import dev.dueline.operation.queue.IndivisibleLimitsException;
import dev.dueline.operation.queue.QueueNotEmptyException;
import dev.dueline.operation.queue.QueueRefusedException;
import dev.dueline.store.failure.StoreBusyException;
import dev.dueline.store.failure.StoreDataException;
import dev.dueline.store.failure.StoreFullException;
import dev.dueline.store.failure.StoreRefusesException;
import dev.dueline.store.failure.StoreUnavailableException;
import io.smallrye.mutiny.TimeoutException;
import java.util.concurrent.CompletionException;
import org.jboss.logging.Logger;

/** The one table from what an operation fails with to what a page says of it. */
final class Failures {
  private static final Logger LOG = Logger.getLogger("dev.dueline.console");

  private Failures() {}

  static RefusedException said(Throwable failure) {
    if (failure instanceof RefusedException refused) {
      return refused;
    }
    if (failure instanceof CompletionException && failure.getCause() != null) {
      return said(failure.getCause());
    }
    if (failure instanceof QueueRefusedException refused) {
      return ofQueue(refused);
    }
    if (failure instanceof QueueNotEmptyException full) {
      return new RefusedException(
          409,
          "The queue " + full.queue() + " is not empty: " + full.holds() + ".",
          "Purge it first, or delete it with all that is in it.");
    }
    if (failure instanceof IndivisibleLimitsException limits) {
      return new RefusedException(
          422,
          "A limit would leave some of the queue's "
              + limits.shards()
              + " shards nothing, and their jobs would stand still.",
          "Set 0 for no limit, or at least " + limits.shards() + ".");
    }
    return ofStore(failure);
  }

  private static RefusedException ofQueue(QueueRefusedException refused) {
    return switch (refused.reason()) {
      case NOT_FOUND ->
          new RefusedException(
              404,
              "There is no queue " + refused.queue() + ".",
              "A queue comes to be with its first job, and may have been deleted since.");
      case JOBS_LEASED ->
          new RefusedException(
              409, "Watchers hold jobs of " + refused.queue() + ".", "Stop them first.");
      case TOO_MANY_STREAM_QUEUES ->
          new RefusedException(
              409, "As many queues as may are delivered to Redis Streams.", "Switch one back.");
      case DELIVERED_TO_STREAM ->
          new RefusedException(
              409,
              "The jobs of " + refused.queue() + " go to a Redis Stream.",
              "Switch its delivery back to watchers first.");
    };
  }

  private static RefusedException ofStore(Throwable failure) {
    if (failure instanceof StoreFullException) {
      return new RefusedException(
          503, "Redis is out of memory.", "Give it more, or purge what nobody needs.");
    }
    if (failure instanceof StoreRefusesException) {
      return new RefusedException(
          503, "Redis refuses the service by its configuration.", "The log says what to change.");
    }
    if (failure instanceof StoreDataException) {
      return new RefusedException(
          500, "What Redis has of this queue cannot be read.", "The log says what to do.");
    }
    if (failure instanceof StoreUnavailableException
        || failure instanceof StoreBusyException
        || failure instanceof TimeoutException) {
      return new RefusedException(503, "Redis does not answer.", "Load this page again.");
    }
    LOG.error("A page of the console could not be made", failure);
    return new RefusedException(
        500, "This page could not be made.", "The log of the service says why.");
  }
}
