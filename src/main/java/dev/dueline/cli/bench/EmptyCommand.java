package dev.dueline.cli.bench;

import dev.dueline.cli.bench.load.Amount;
import dev.dueline.cli.bench.load.Answer;
import dev.dueline.cli.bench.load.Budget;
import dev.dueline.cli.bench.load.Calls;
import dev.dueline.cli.bench.load.ClosedLoop;
import dev.dueline.cli.bench.report.Figures;
import dev.dueline.cli.remote.ConnectionOptions;
import dev.dueline.cli.text.Console;
import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthGrpc.HealthStub;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The floor: calls that do nothing. */
@Command(
    name = "empty",
    description =
        "Empty calls (grpc.health.v1.Health/Check): what gRPC costs on these machines, the floor"
            + " that every other figure stands on.")
final class EmptyCommand implements Callable<Integer>, Scenario {
  private final Console console;
  private final ConnectionOptions server;

  @Mixin private final BenchOptions options = new BenchOptions();
  @Mixin private final AmountOptions amount = new AmountOptions();

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      defaultValue = "64",
      description = "Calls outstanding: ${DEFAULT-VALUE}.")
  private int concurrency;

  @Option(
      names = "--warm-up",
      paramLabel = "AMOUNT",
      defaultValue = "2s",
      description = "Calls, or a duration, before anything is measured: ${DEFAULT-VALUE}.")
  private Amount warmUp = Amount.of(0);

  private Calls calls = new Calls();

  EmptyCommand(Console console, ConnectionOptions server) {
    this.console = console;
    this.server = server;
  }

  @Override
  public Integer call() throws InterruptedException {
    amount.check();
    return new BenchRun(console, server, options).run("empty", this);
  }

  @Override
  public void run(Bench bench) throws InterruptedException {
    Amount measured = amount.amount();
    ClosedLoop loop = bench.loop(concurrency);
    if (!warmUp.isNone()) {
      check("warm-up", loop, warmUp);
    }
    calls = check("empty", loop, measured);
  }

  private static Calls check(String name, ClosedLoop loop, Amount amount)
      throws InterruptedException {
    Calls calls = new Calls();
    Budget budget = new Budget(amount);
    loop.run(
        name,
        budget,
        calls,
        (connection, whenOver) -> {
          HealthStub stub = HealthGrpc.newStub(connection.channel());
          Answer<HealthCheckResponse> answer = new Answer<>(calls, response -> {}, whenOver);
          return () -> {
            boolean isMore = budget.take(1) > 0;
            if (isMore) {
              stub.check(HealthCheckRequest.getDefaultInstance(), answer.begin());
            }
            return isMore;
          };
        });
    return calls;
  }

  @Override
  public void addTo(Figures figures) {
    figures
        .count("concurrency", Limits.concurrency(concurrency))
        .count("connections", options.connections())
        .count("calls", calls.succeeded())
        .number("seconds", calls.seconds())
        .number("calls_per_second", calls.succeeded() / calls.seconds());
    calls.addTo(figures, "");
  }

  @Override
  public List<String> complaints() {
    return calls.failures().complaints("calls");
  }
}
