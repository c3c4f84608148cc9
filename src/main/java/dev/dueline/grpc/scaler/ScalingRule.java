package dev.dueline.grpc.scaler;

import dev.dueline.grpc.message.FieldChecks;
import dev.dueline.grpc.message.ScalerMetadata;
import dev.dueline.job.QueueName;
import dev.dueline.text.DurationText;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How the workers of a queue are to be scaled, as the metadata of a trigger says.
 *
 * @param lookahead how soon jobs are due that workers are there for already
 * @param jobsPerReplica what one worker is for
 */
record ScalingRule(QueueName queue, Duration lookahead, long jobsPerReplica) {
  private static final Duration LOOKAHEAD = Duration.ofSeconds(60);
  private static final Duration MAX_LOOKAHEAD = Duration.ofHours(24);
  private static final long JOBS_PER_REPLICA = 10;
  private static final long MAX_JOBS_PER_REPLICA = 1_000_000;

  private static final Pattern COUNT = Pattern.compile("[0-9]{1,9}");

  /** The rule in a request of KEDA's contract; throws what names all that is wrong with it. */
  static ScalingRule of(Object request) {
    Map<String, String> metadata = ScalerMetadata.of(request);
    FieldChecks fields = new FieldChecks();
    String queue = metadata.getOrDefault(ScalerMetadata.QUEUE, "");
    fields.queue(field(ScalerMetadata.QUEUE), queue);
    Duration lookahead = lookahead(metadata.get(ScalerMetadata.LOOKAHEAD));
    fields.require(
        lookahead != null,
        field(ScalerMetadata.LOOKAHEAD),
        "must be a duration such as 90s or 1h30m, and at most 24h");
    long jobs = jobsPerReplica(metadata.get(ScalerMetadata.JOBS_PER_REPLICA));
    fields.number(field(ScalerMetadata.JOBS_PER_REPLICA), jobs, 1, MAX_JOBS_PER_REPLICA);
    if (lookahead == null) {
      throw fields.exception();
    }
    fields.throwIfAny();
    return new ScalingRule(new QueueName(queue), lookahead, jobs);
  }

  private static String field(String key) {
    return "scalerMetadata[" + key + "]";
  }

  private static @Nullable Duration lookahead(@Nullable String text) {
    if (text == null) {
      return LOOKAHEAD;
    }
    try {
      Duration lookahead = DurationText.parse(text);
      return lookahead.compareTo(MAX_LOOKAHEAD) > 0 ? null : lookahead;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** 0: no number. */
  private static long jobsPerReplica(@Nullable String text) {
    if (text == null) {
      return JOBS_PER_REPLICA;
    }
    return COUNT.matcher(text).matches() ? Long.parseLong(text) : 0;
  }
}
