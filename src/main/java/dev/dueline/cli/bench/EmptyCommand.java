package dev.dueline.cli.bench;

import dev.dueline.cli.bench.load.Answer;
import dev.dueline.cli.bench.load.Budget;
import dev.dueline.cli.bench.load.Calls;
import dev.dueline.cli.bench.load.ClosedLoop;
import dev.dueline.cli.bench.option.BenchOptions;
import dev.dueline.cli.bench.option.CallOptions;
import dev.dueline.cli.bench.run.Bench;
import dev.dueline.cli.bench.run.CallScenario;
import dev.dueline.cli.remote.ConnectionOptions;
import dev.dueline.cli.text.Console;
import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthGrpc.HealthStub;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The floor: calls that do nothing. */
@Command(
    name = "empty",
    description =
        "Empty calls (grpc.health.v1.Health/Check): what gRPC costs on these machines, the floor"
            + " that every other figure stands on.")
final class EmptyCommand extends CallScenario {
  @Mixin private final BenchOptions options = new BenchOptions();
  @Mixin private final CallOptions load = new CallOptions();

  EmptyCommand(Console console, ConnectionOptions server) {
    super("empty", console, server);
  }

  @Override
  protected ClosedLoop.Scripts scripts(Bench bench, Budget budget, Calls counted) {
    return (connection, whenOver) -> {
      HealthStub stub = HealthGrpc.newStub(connection.channel());
      Answer<HealthCheckResponse> answer = new Answer<>(counted, response -> {}, whenOver);
      return () -> {
        boolean isMore = budget.take(1) > 0;
        if (isMore) {
          stub.check(HealthCheckRequest.getDefaultInstance(), answer.begin());
        }
        return isMore;
      };
    };
  }

  @Override
  protected BenchOptions options() {
    return options;
  }

  @Override
  protected CallOptions load() {
    return load;
  }

  @Override
  protected String unit() {
    return "calls";
  }
}
