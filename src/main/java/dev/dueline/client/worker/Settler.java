package dev.dueline.client.worker;

import dev.dueline.client.DuelineException;
import dev.dueline.client.Retries;
import dev.dueline.v1.AckRequest;
import dev.dueline.v1.AckResponse;
import dev.dueline.v1.LeaseOutcome;
import dev.dueline.v1.NackRequest;
import dev.dueline.v1.NackResponse;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Tells the service what became of jobs. What gathers while calls are under way goes together, up
 * to 1,000 jobs that end alike in a call. Belongs to the worker's thread.
 */
final class Settler {
  /** Tokens that the contract allows in one call. */
  private static final int MAX_TOKENS = 1_000;

  /** A call that a frozen replica keeps does not hold up the others. */
  private static final int MAX_CALLS = 4;

  private final Retries retries;
  private final Executor loop;
  private final Consumer<DuelineException> onRefused;
  private final Map<Result, List<Item>> waiting = new LinkedHashMap<>();
  private int calls;
  private boolean isFlushing;

  /**
   * A settler.
   *
   * @param retries calls for as long as a lease lasts
   * @param loop the worker's thread
   * @param onRefused is told of a failure that all calls would meet
   */
  Settler(Retries retries, Executor loop, Consumer<DuelineException> onRefused) {
    this.retries = retries;
    this.loop = loop;
    this.onRefused = onRefused;
  }

  /** Whether nothing waits and no call is under way. */
  boolean isIdle() {
    return calls == 0 && waiting.isEmpty();
  }

  /** Settles a delivery; {@code told} hears what came of it. */
  void settle(String leaseToken, Result result, Consumer<Settlement> told) {
    waiting.computeIfAbsent(result, key -> new ArrayList<>()).add(new Item(leaseToken, told));
    if (!isFlushing) {
      isFlushing = true;
      // Behind what is in the loop already: jobs that ended together go together.
      loop.execute(this::flush);
    }
  }

  private void flush() {
    isFlushing = false;
    while (calls < MAX_CALLS && !waiting.isEmpty()) {
      Map.Entry<Result, List<Item>> next = waiting.entrySet().iterator().next();
      List<Item> items = next.getValue();
      List<Item> batch = List.copyOf(items.subList(0, Math.min(MAX_TOKENS, items.size())));
      items.subList(0, batch.size()).clear();
      if (items.isEmpty()) {
        waiting.remove(next.getKey());
      }
      send(next.getKey(), batch);
    }
  }

  private void send(Result result, List<Item> batch) {
    calls++;
    var unused =
        call(result, batch.stream().map(Item::leaseToken).toList())
            .whenCompleteAsync(
                (outcomes, failure) -> {
                  calls--;
                  if (failure == null) {
                    answered(result, batch, outcomes);
                  } else {
                    failed(result, batch, DuelineException.of(failure));
                  }
                  flush();
                },
                loop);
  }

  private CompletableFuture<List<LeaseOutcome>> call(Result result, List<String> tokens) {
    if (result.settlement() == Settlement.ACKED) {
      AckRequest request = AckRequest.newBuilder().addAllLeaseTokens(tokens).build();
      return retries
          .<AckResponse>call((stub, answer) -> stub.ack(request, answer), true)
          .thenApply(AckResponse::getOutcomesList);
    }
    NackRequest request = result.toNack().addAllLeaseTokens(tokens).build();
    return retries
        .<NackResponse>call((stub, answer) -> stub.nack(request, answer), true)
        .thenApply(NackResponse::getOutcomesList);
  }

  private void failed(Result result, List<Item> batch, DuelineException failure) {
    Status.Code code = failure.code();
    if (code == Status.Code.INVALID_ARGUMENT && result.hasDelay()) {
      // A delay that is none: the job's policy decides.
      Result byPolicy = Result.of(null, failure);
      batch.forEach(item -> settle(item.leaseToken(), byPolicy, item.told()));
      return;
    }
    answered(result, batch, List.of());
    if (code == Status.Code.UNAUTHENTICATED || code == Status.Code.PERMISSION_DENIED) {
      onRefused.accept(failure);
    }
  }

  private static void answered(Result result, List<Item> batch, List<LeaseOutcome> outcomes) {
    for (int i = 0; i < batch.size(); i++) {
      Settlement settlement = Settlement.UNSETTLED;
      if (i < outcomes.size()) {
        boolean isOk = outcomes.get(i) == LeaseOutcome.LEASE_OUTCOME_OK;
        settlement = isOk ? result.settlement() : Settlement.LOST;
      }
      batch.get(i).told().accept(settlement);
    }
  }

  private record Item(String leaseToken, Consumer<Settlement> told) {}
}
