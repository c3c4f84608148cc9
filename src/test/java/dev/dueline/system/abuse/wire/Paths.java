package dev.dueline.system.abuse.attack;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import dev.dueline.testing.v1.ClockProto;
import dev.dueline.v1.QueueProto;
import dev.dueline.v1.SchedulerProto;
import java.util.List;
import java.util.stream.Stream;
import sh.keda.externalscaler.ExternalScalerProto;

/** The paths of calls. */
public final class Paths {
  public static final String HEALTH_CHECK = "/grpc.health.v1.Health/Check";
  public static final String HEALTH_WATCH = "/grpc.health.v1.Health/Watch";
  public static final List<String> REFLECTION =
      List.of(
          "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
          "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo");

  /** No such method, or none here: a clock that moves, and KEDA, which is off. */
  public static final List<String> UNKNOWN =
      Stream.concat(
              Stream.of("/dueline.v1.SchedulerService/NoSuchCall", "/no.such.Service/Call"),
              Stream.of(ClockProto.getDescriptor(), ExternalScalerProto.getDescriptor())
                  .flatMap(Paths::ofFile))
          .toList();

  static final String SCHEDULE = of("Schedule");
  static final String BATCH_SCHEDULE = of("BatchSchedule");
  static final String CANCEL = of("Cancel");
  static final String BATCH_CANCEL = of("BatchCancel");
  static final String LIST_JOBS = of("ListJobs");
  static final String WATCH_DUE = of("WatchDue");
  static final String PULL_DUE = of("PullDue");
  static final String ACK = of("Ack");
  static final String NACK = of("Nack");
  static final String EXTEND_LEASE = of("ExtendLease");

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

  static String of(MethodDescriptor method) {
    return "/" + method.getService().getFullName() + "/" + method.getName();
  }

  private static String of(String name) {
    return "/dueline.v1.SchedulerService/" + name;
  }
}
