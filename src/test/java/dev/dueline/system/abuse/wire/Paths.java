package dev.dueline.system.abuse.wire;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import dev.dueline.testing.v1.ClockProto;
import dev.dueline.v1.QueueProto;
import dev.dueline.v1.SchedulerProto;
import java.util.List;
import java.util.stream.Stream;
import sh.keda.externalscaler.ExternalScalerGrpc;
import sh.keda.externalscaler.ExternalScalerProto;

/** The paths of calls. */
public final class Paths {
  public static final String HEALTH_CHECK = "/grpc.health.v1.Health/Check";
  public static final String HEALTH_WATCH = "/grpc.health.v1.Health/Watch";
  public static final List<String> REFLECTION =
      List.of(
          "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
          "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo");

  /** No such method, or none unless it is switched on: a clock that moves, and KEDA. */
  public static final List<String> UNKNOWN =
      Stream.concat(
              Stream.of("/dueline.v1.SchedulerService/NoSuchCall", "/no.such.Service/Call"),
              Stream.of(ClockProto.getDescriptor(), ExternalScalerProto.getDescriptor())
                  .flatMap(Paths::ofFile))
          .toList();

  public static final String SCHEDULE = of("Schedule");
  public static final String BATCH_SCHEDULE = of("BatchSchedule");
  public static final String CANCEL = of("Cancel");
  public static final String BATCH_CANCEL = of("BatchCancel");
  public static final String LIST_JOBS = of("ListJobs");
  public static final String WATCH_DUE = of("WatchDue");
  public static final String PULL_DUE = of("PullDue");
  public static final String ACK = of("Ack");
  public static final String NACK = of("Nack");
  public static final String EXTEND_LEASE = of("ExtendLease");

  public static final String IS_ACTIVE = of(ExternalScalerGrpc.getIsActiveMethod());
  public static final String STREAM_IS_ACTIVE = of(ExternalScalerGrpc.getStreamIsActiveMethod());
  public static final String GET_METRICS = of(ExternalScalerGrpc.getGetMetricsMethod());

  private Paths() {}

  /** All calls of the contract, from the contract itself. */
  public static List<String> ofContract() {
    return Stream.of(SchedulerProto.getDescriptor(), QueueProto.getDescriptor())
        .flatMap(Paths::ofFile)
        .toList();
  }

  private static Stream<String> ofFile(FileDescriptor file) {
    return file.getServices().stream()
        .flatMap(service -> service.getMethods().stream())
        .map(Paths::of);
  }

  public static String of(MethodDescriptor method) {
    return "/" + method.getService().getFullName() + "/" + method.getName();
  }

  private static String of(io.grpc.MethodDescriptor<?, ?> method) {
    return "/" + method.getFullMethodName();
  }

  private static String of(String name) {
    return "/dueline.v1.SchedulerService/" + name;
  }
}
