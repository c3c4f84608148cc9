package peers;

import static peers.Common.*;

import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;

/**
 * The floor below every call to Dueline: grpc.health.v1.Health/Check, which reads and stores
 * nothing, on the same server, in the same closed loop of conc calls.
 */
public final class EmptyCallDriver {
  public static void main(String[] argv) throws Exception {
    init(argv);
    ManagedChannel channel = Calls.channel();
    int conc = (int) num("conc", 64);
    call(channel, (int) num("warmup", 0), conc);
    warm();
    scheduled(call(channel, plan(), conc));
    channel.shutdownNow();
  }

  private static double call(ManagedChannel channel, int count, int conc) throws Exception {
    HealthGrpc.HealthStub health = HealthGrpc.newStub(channel);
    HealthCheckRequest empty = HealthCheckRequest.getDefaultInstance();
    return Calls.<HealthCheckResponse>closedLoop(
        count, conc, (i, over) -> health.check(empty, over), answer -> {});
  }
}
