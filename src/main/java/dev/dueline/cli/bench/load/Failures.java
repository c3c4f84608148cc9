package dev.dueline.cli.bench.load;

import com.google.protobuf.Any;
import com.google.rpc.RetryInfo;
import dev.dueline.cli.bench.report.Figures;
import dev.dueline.cli.remote.CallFailure;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Calls that failed, by their status; apart from them refusals: the service is up, but has too much
 * to do, and says when to come again (UNAVAILABLE with RetryInfo).
 */
public final class Failures {
  private final AtomicLongArray byCode = new AtomicLongArray(Status.Code.values().length);
  private final LongAdder refusals = new LongAdder();
  private final AtomicReference<@Nullable StatusRuntimeException> first = new AtomicReference<>();

  /** Counts one. */
  public void add(Throwable failure) {
    Status status = Status.fromThrowable(failure);
    first.compareAndSet(null, status.asRuntimeException(Status.trailersFromThrowable(failure)));
    if (isRefusal(status, failure)) {
      refusals.increment();
    } else {
      byCode.incrementAndGet(status.getCode().value());
    }
  }

  /** Counts one item of a batch. */
  public void add(int code, String message) {
    add(Status.fromCodeValue(code).withDescription(message).asRuntimeException());
  }

  private static boolean isRefusal(Status status, Throwable failure) {
    if (status.getCode() != Status.Code.UNAVAILABLE) {
      return false;
    }
    com.google.rpc.Status details = StatusProto.fromThrowable(failure);
    return details != null && details.getDetailsList().stream().anyMatch(Failures::isRetryInfo);
  }

  private static boolean isRetryInfo(Any detail) {
    return detail.is(RetryInfo.class);
  }

  /** How many, without refusals. */
  public long count() {
    long count = 0;
    for (int code = 0; code < byCode.length(); code++) {
      count += byCode.get(code);
    }
    return count;
  }

  /** How many refusals. */
  public long refusals() {
    return refusals.sum();
  }

  /** Adds the counts, each name after the prefix; of the codes only those that occurred. */
  public void addTo(Figures figures, String prefix) {
    figures.count(prefix + "refusals", refusals()).count(prefix + "errors", count());
    for (Status.Code code : Status.Code.values()) {
      long count = byCode.get(code.value());
      if (count > 0) {
        String name = prefix + "error_" + code.name().toLowerCase(Locale.ROOT);
        figures.count(name, count);
      }
    }
  }

  /** A line that says how many of these failed, and how the first did; none where none did. */
  public List<String> complaints(String what) {
    StatusRuntimeException failure = first.get();
    return failure == null || count() == 0
        ? List.of()
        : List.of(count() + " " + what + " failed, the first: " + CallFailure.of(failure).line());
  }

  /** Throws what went wrong first, if anything did. */
  public void rethrow() {
    StatusRuntimeException failure = first.get();
    if (failure != null) {
      throw failure;
    }
  }
}
