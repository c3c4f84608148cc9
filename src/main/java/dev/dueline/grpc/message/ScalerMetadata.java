package dev.dueline.grpc.message;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import sh.keda.externalscaler.GetMetricsRequest;
import sh.keda.externalscaler.ScaledObjectRef;

/** What the metadata of a trigger, which KEDA sends with each call, says to Dueline. */
public final class ScalerMetadata {
  public static final String QUEUE = "queue";
  public static final String LOOKAHEAD = "lookahead";
  public static final String JOBS_PER_REPLICA = "jobsPerReplica";

  /** KEDA puts the value of the environment variable that the trigger names in its place. */
  private static final String TOKEN = "tokenFromEnv";

  private ScalerMetadata() {}

  /** The metadata in a request of KEDA's contract. */
  public static Map<String, String> of(Object request) {
    if (request instanceof GetMetricsRequest metrics) {
      return metrics.getScaledObjectRef().getScalerMetadataMap();
    }
    return ((ScaledObjectRef) request).getScalerMetadataMap();
  }

  /** The name of the queue; empty: none is named. */
  public static String queue(Object request) {
    return of(request).getOrDefault(QUEUE, "");
  }

  /** The token of whoever calls; null: there is none. */
  public static @Nullable String token(Object request) {
    return of(request).get(TOKEN);
  }
}
