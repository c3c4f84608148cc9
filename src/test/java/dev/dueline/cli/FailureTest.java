package dev.dueline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import com.google.rpc.BadRequest.FieldViolation;
import com.google.rpc.Code;
import com.google.rpc.Status;
import dev.dueline.client.ScriptedScheduler;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailureTest {
  @Test
  void namesEachFieldOfABadRequest() throws Exception {
    BadRequest fields =
        BadRequest.newBuilder()
            .addFieldViolations(violation("queue", "is empty"))
            .addFieldViolations(violation("delay", "is\nnegative"))
            .build();
    Status status =
        Status.newBuilder()
            .setCode(Code.INVALID_ARGUMENT_VALUE)
            .setMessage("queue: is empty. And 1 more, see the details.")
            .addDetails(Any.pack(fields))
            .build();
    try (ScriptedScheduler service = new ScriptedScheduler()) {
      service.on(
          "Schedule", (in, out) -> out.onError(StatusProto.toStatusRuntimeException(status)));
      CommandRun run = CommandRun.on(service, "schedule", "");
      assertThat(run.err())
          .containsExactly("dueline: INVALID_ARGUMENT: queue: is empty; delay: is negative");
      assertThat(run.out()).isEmpty();
      assertThat(run.exitCode()).isEqualTo(1);
    }
  }

  private static FieldViolation violation(String field, String description) {
    return FieldViolation.newBuilder().setField(field).setDescription(description).build();
  }

  @Test
  void saysWhenNobodyIsThere() throws Exception {
    // A port that is taken, so that nobody else listens there, and that does not listen.
    try (Socket taken = new Socket()) {
      taken.bind(new InetSocketAddress("127.0.0.1", 0));
      CommandRun run = CommandRun.of("127.0.0.1:" + taken.getLocalPort(), "", "get", "mail", "j1");
      assertThat(run.err()).hasSize(1);
      assertThat(run.err().get(0)).startsWith("dueline: UNAVAILABLE: Connection refused");
      assertThat(run.exitCode()).isEqualTo(3);
    }
  }

  @Test
  void saysWhomToTrust() throws Exception {
    Path tls = Path.of("src/test/resources/tls");
    Server server =
        NettyServerBuilder.forPort(0)
            .useTransportSecurity(
                tls.resolve("redis-cert.pem").toFile(), tls.resolve("redis-key.pem").toFile())
            .build()
            .start();
    try {
      String address = "localhost:" + server.getPort();
      CommandRun stranger = CommandRun.of(address, "", "get", "mail", "j1", "--tls");
      assertThat(stranger.err()).hasSize(1);
      assertThat(stranger.err().get(0))
          .endsWith("; its certificate is not trusted: name its authority by --ca");
      assertThat(stranger.exitCode()).isEqualTo(3);
      String ca = tls.resolve("ca.pem").toString();
      CommandRun known = CommandRun.of(address, "", "get", "mail", "j1", "--ca", ca);
      assertThat(known.err().get(0)).startsWith("dueline: UNIMPLEMENTED");
    } finally {
      server.shutdownNow();
    }
  }

  @Test
  void saysWhereThereIsNoTls() throws Exception {
    try (ScriptedScheduler service = new ScriptedScheduler()) {
      CommandRun run = CommandRun.on(service, "get", "mail", "j1", "--tls");
      assertThat(run.err()).hasSize(1);
      assertThat(run.err().get(0)).endsWith("; it does not speak TLS there");
    }
  }

  @Test
  void waitsNoLongerThanTheTimeout() throws Exception {
    try (ScriptedScheduler service = new ScriptedScheduler()) {
      service.on("GetJob", (in, out) -> {});
      CommandRun run = CommandRun.on(service, "get", "mail", "j1", "--timeout", "50ms");
      assertThat(run.err()).hasSize(1);
      assertThat(run.err().get(0)).startsWith("dueline: DEADLINE_EXCEEDED");
      assertThat(run.exitCode()).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "bogus",
        "schedule",
        "schedule q --in soon",
        "schedule q --at noon",
        "schedule q --in 1s --at 2026-11-24T12:15:00Z",
        "schedule q p --file /none",
        "schedule q --file /none",
        "schedule q --on-conflict unspecified",
        "schedule q --attribute a",
        "reschedule q j",
        "cancel q",
        "list q --state unrecognized",
        "watch",
        "ack",
        "extend t",
        "watch q --ack --auto-ack",
        "watch q --auto-ack --auto-extend",
        "watch q --auto-ack --release-on-disconnect",
        "get q",
        "get q j --server nowhere",
        "get q j --timeout 5",
        "bench",
        "bench schedule --jobs 5 --duration 1s",
        "bench schedule --jobs 0",
        "bench schedule --concurrency 0",
        "bench schedule --warm-up soon",
        "bench schedule --fail-if p99_ms",
        "bench schedule --fail-if p42_ms>1",
        "bench batch --batch 1001",
        "bench deliver --max-outstanding 10001",
        "bench lateness --rate 0",
        "bench mixed --cancel-percent 101",
        "bench memory --metrics-url :"
      })
  void usageIsOneLineAndTwo(String line) throws IOException {
    CommandRun run =
        CommandRun.of("127.0.0.1:1", "", line.isEmpty() ? new String[0] : line.split(" "));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).hasSize(1);
    assertThat(run.err().get(0)).startsWith("dueline: ").contains("--help)");
    assertThat(run.out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "schedule",
        "reschedule",
        "cancel",
        "get",
        "list",
        "watch",
        "ack",
        "nack",
        "extend"
      })
  void everyCommandHasHelp(String command) {
    CommandRun run = CommandRun.of("127.0.0.1:1", "", command, "--help");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out().get(0)).startsWith("Usage: dueline " + command + " ");
    assertThat(String.join("\n", run.out())).contains("--server", "--timeout", "Exit codes:");
  }
}
