package dev.dueline.grpc.worker;

import dev.dueline.delivery.lease.Leases;
import dev.dueline.delivery.lease.NackRule;
import dev.dueline.grpc.message.Times;
import dev.dueline.job.lease.LeaseToken;
import dev.dueline.v1.AckRequest;
import dev.dueline.v1.AckResponse;
import dev.dueline.v1.ExtendLeaseRequest;
import dev.dueline.v1.ExtendLeaseResponse;
import dev.dueline.v1.ExtendedLease;
import dev.dueline.v1.LeaseOutcome;
import dev.dueline.v1.NackRequest;
import dev.dueline.v1.NackResponse;
import io.smallrye.mutiny.Uni;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Ack, Nack and ExtendLease. A token that is named twice is asked for once. */
public final class LeaseCalls {
  private final LeaseChecks checks;
  private final Leases leases;

  /** Calls on leases, which are checked first. */
  public LeaseCalls(LeaseChecks checks, Leases leases) {
    this.checks = checks;
    this.leases = leases;
  }

  /** Ack. */
  public Uni<AckResponse> ack(AckRequest request) {
    checks.ack(request);
    List<String> texts = request.getLeaseTokensList();
    return ask(texts, leases::ack)
        .map(held -> outcomes(texts, held, isHeld -> isHeld))
        .map(outcomes -> AckResponse.newBuilder().addAllOutcomes(outcomes).build());
  }

  /** Nack. */
  public Uni<NackResponse> nack(NackRequest request) {
    checks.nack(request);
    List<String> texts = request.getLeaseTokensList();
    NackRule rule = DeliveryMapping.nackRule(request);
    return ask(texts, tokens -> leases.nack(tokens, rule))
        .map(held -> outcomes(texts, held, isHeld -> isHeld))
        .map(outcomes -> NackResponse.newBuilder().addAllOutcomes(outcomes).build());
  }

  /** ExtendLease. */
  public Uni<ExtendLeaseResponse> extendLease(ExtendLeaseRequest request) {
    checks.extendLease(request);
    List<String> texts = request.getLeaseTokensList();
    long leaseMs = Times.roundUpToMs(request.getLeaseDuration());
    return ask(texts, tokens -> leases.extend(tokens, leaseMs))
        .map(
            expiries -> {
              List<LeaseOutcome> outcomes = outcomes(texts, expiries, expiryMs -> expiryMs > 0);
              ExtendLeaseResponse.Builder response =
                  ExtendLeaseResponse.newBuilder().addAllOutcomes(outcomes);
              for (int i = 0; i < texts.size(); i++) {
                response.addLeases(extended(outcomes.get(i), expiries.get(texts.get(i))));
              }
              expiries.values().stream()
                  .filter(expiryMs -> expiryMs > 0)
                  .min(Long::compare)
                  .ifPresent(first -> response.setLeaseExpireTime(Times.ofMs(first)));
              return response.build();
            });
  }

  private static ExtendedLease extended(LeaseOutcome outcome, @Nullable Long expiryMs) {
    ExtendedLease.Builder lease = ExtendedLease.newBuilder().setOutcome(outcome);
    if (expiryMs != null && expiryMs > 0) {
      lease.setLeaseExpireTime(Times.ofMs(expiryMs));
    }
    return lease.build();
  }

  /** Asks for each token that this service issued. */
  private static <R> Uni<Map<String, R>> ask(
      List<String> texts, Function<List<LeaseToken>, Uni<List<R>>> call) {
    Map<String, LeaseToken> issued = new LinkedHashMap<>();
    for (String text : texts) {
      LeaseToken.decode(text).ifPresent(token -> issued.put(text, token));
    }
    List<String> asked = List.copyOf(issued.keySet());
    return call.apply(List.copyOf(issued.values()))
        .map(
            results -> {
              Map<String, R> byText = new HashMap<>();
              for (int i = 0; i < asked.size(); i++) {
                byText.put(asked.get(i), results.get(i));
              }
              return byText;
            });
  }

  private static <R> List<LeaseOutcome> outcomes(
      List<String> texts, Map<String, R> results, Predicate<R> isHeld) {
    return texts.stream()
        .map(
            text -> {
              R result = results.get(text);
              if (result == null) {
                return LeaseOutcome.LEASE_OUTCOME_INVALID;
              }
              return isHeld.test(result)
                  ? LeaseOutcome.LEASE_OUTCOME_OK
                  : LeaseOutcome.LEASE_OUTCOME_LOST;
            })
        .toList();
  }
}
