package dev.dueline.system.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import dev.dueline.system.process.Readiness;
import dev.dueline.system.process.ServiceProcess;
import dev.dueline.v1.ScheduleRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service whose embedded Redis is killed from outside, or finds its data damaged. */
class EmbeddedRedisIT {
  private static final String QUEUE = "embedded";
  private static final java.time.Duration TIMEOUT = java.time.Duration.ofSeconds(60);

  @TempDir Path temp;
  private Path data;
  private ServiceProcess service;
  private RecordedWatch watch;

  @BeforeEach
  void start() {
    data = temp.resolve("data");
    service = ServiceProcess.start("dueline.embedded.data-dir=" + data, "dueline.drain.timeout=1s");
    watch = RecordedWatch.on(service, QUEUE);
    awaitOk("first", Durations.ZERO);
    awaitDelivery("first");
  }

  @AfterEach
  void stop() {
    service.close();
    awaitNoServer();
  }

  @Test
  void jobsGoOnWhenItsRedisIsKilled() {
    awaitOk("meanwhile", Durations.fromMillis(1_000));
    kill();
    awaitDelivery("meanwhile");
    awaitOk("after", Durations.ZERO);
    awaitDelivery("after");
    await("readiness").atMost(TIMEOUT).until(() -> Readiness.of(service).isUp());
    assertThat(watch.end()).isEmpty();
    assertThat(lines("The embedded Redis ended by itself with code 137")).isEqualTo(1);
    // Said by a thread that looks by itself, when others may have found the server before.
    await("the line").atMost(TIMEOUT).until(() -> lines("The embedded Redis runs again") == 1);
    assertThat(service.log()).doesNotContain("\tat ");
  }

  @Test
  void staysUpAndNotReadyWhileItsDataIsDamaged() throws IOException {
    Path manifest = data.resolve("appendonlydir/appendonly.aof.manifest");
    Path saved = Files.copy(manifest, temp.resolve("saved"));
    Files.writeString(manifest, "nonsense\n");
    awaitOk("meanwhile", Durations.fromMillis(100));
    awaitDelivery("meanwhile");
    kill();
    await("tries").atMost(TIMEOUT).until(() -> lines("does not start again") > 0);
    assertThat(Readiness.of(service).isDown()).isTrue();
    assertThat(schedule("refused", Durations.ZERO)).isEqualTo(Answered.UNAVAILABLE);
    assertThat(service.log()).contains("AOF manifest");
    Files.move(saved, manifest, StandardCopyOption.REPLACE_EXISTING);
    awaitOk("after", Durations.ZERO);
    awaitDelivery("after");
    await("readiness").atMost(TIMEOUT).until(() -> Readiness.of(service).isUp());
    assertThat(lines("does not start again")).isEqualTo(1);
  }

  @Test
  void aRestartThatIsUnderWayAtShutdownLeavesNoServer() {
    kill();
    assertThat(service.terminate()).isIn(0, 143);
    awaitNoServer();
  }

  private void awaitOk(String id, Duration delay) {
    await("a call").atMost(TIMEOUT).until(() -> schedule(id, delay).equals(Answered.OK));
  }

  /** One that is left lives for ever; one that was killed may take a moment to be gone. */
  private void awaitNoServer() {
    await("the end of all servers").atMost(TIMEOUT).until(() -> servers().isEmpty());
  }

  private void awaitDelivery(String id) {
    await("delivery of " + id).atMost(TIMEOUT).until(() -> watch.deliveries(id) > 0);
  }

  private long lines(String text) {
    return service.log().lines().filter(line -> line.contains(text)).count();
  }

  private void kill() {
    ProcessHandle server = servers().get(0);
    server.destroyForcibly();
    server.onExit().join();
  }

  private List<ProcessHandle> servers() {
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().command().orElse("").startsWith(data.toString()))
        .toList();
  }

  private Answered schedule(String id, Duration delay) {
    ScheduleRequest request =
        ScheduleRequest.newBuilder().setQueue(QUEUE).setJobId(id).setDelay(delay).build();
    return Answered.to(() -> service.calls().schedule(request));
  }
}
