package dev.dueline.grpc.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.ListenableFuture;
import dev.dueline.access.Principal;
import dev.dueline.grpc.TestService;
import dev.dueline.grpc.call.AccessControl;
import dev.dueline.grpc.call.Standstill;
import dev.dueline.job.QueueName;
import dev.dueline.operation.TestStore;
import dev.dueline.v1.CountJobsRequest;
import dev.dueline.v1.GetQueueRequest;
import dev.dueline.v1.ListQueuesRequest;
import dev.dueline.v1.QueueServiceGrpc;
import dev.dueline.v1.QueueServiceGrpc.QueueServiceFutureStub;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One principal's reads of queues take no more than their share, and keep back no other's. */
class ReadTurnsTest {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private static final Duration LONG = Duration.ofMinutes(1);

  /** Calls at once. */
  private static final int AT_ONCE = 8;

  private static final int FLOOD = 100;
  private static final int QUEUES = 20;

  /** Of queues of one shard. */
  private static final int IN_FLIGHT_OF_A_LIST = 16;

  private final TestService service =
      new TestService(
          new AccessControl(
              credentials ->
                  Optional.of(
                      new Principal(
                          String.valueOf(credentials.bearer()), Principal.ANYBODY.queues(), 0, 0)),
              new Standstill()));
  private final TestStore store = service.store;

  /** A call that asks many shards. */
  enum Read {
    COUNT_JOBS,
    GET_QUEUE,
    LIST_QUEUES;

    Future<?> by(QueueServiceFutureStub stub) {
      return switch (this) {
        case COUNT_JOBS -> stub.countJobs(CountJobsRequest.newBuilder().setQueue("q0").build());
        case GET_QUEUE -> stub.getQueue(GetQueueRequest.newBuilder().setQueue("q0").build());
        case LIST_QUEUES -> stub.listQueues(ListQueuesRequest.getDefaultInstance());
      };
    }
  }

  @BeforeEach
  void begin() {
    for (int i = 0; i < QUEUES; i++) {
      store.layout(new QueueName("q" + i)).await().indefinitely();
    }
    store.isHolding = true;
  }

  @AfterEach
  void stop() {
    service.close();
  }

  @ParameterizedTest
  @EnumSource
  void aFloodOfOneKeepsTheCallOfAnotherBackForAFewOnly(Read read) {
    List<Future<?>> flood = new ArrayList<>();
    for (int i = 0; i < FLOOD; i++) {
      flood.add(read.by(stub("greedy")));
    }
    // Calls of one channel begin in their order.
    Future<?> last = stub("greedy").countJobs(CountJobsRequest.getDefaultInstance());
    await().atMost(LONG).until(last::isDone);
    int each = read == Read.LIST_QUEUES ? IN_FLIGHT_OF_A_LIST : 1;
    assertThat(store.held).hasSize(AT_ONCE * each);

    ListenableFuture<?> modest =
        stub("modest").getQueue(GetQueueRequest.newBuilder().setQueue("q0").build());
    Future<?> behind = stub("modest").countJobs(CountJobsRequest.getDefaultInstance());
    await().atMost(LONG).until(behind::isDone);
    // One of the calls under way makes room for it, wherever its commands stand among theirs.
    int commands = 3 * AT_ONCE * (read == Read.LIST_QUEUES ? QUEUES : 1);
    for (int i = 0; i < commands; i++) {
      store.held.remove().run();
      assertThat(store.held.size()).isLessThanOrEqualTo(AT_ONCE * each);
    }
    await().atMost(LONG).until(modest::isDone);
    assertThat(flood.stream().filter(Future::isDone).count()).isLessThan(FLOOD / 2);
  }

  private QueueServiceFutureStub stub(String principal) {
    Metadata headers = new Metadata();
    headers.put(AUTHORIZATION, "Bearer " + principal);
    return QueueServiceGrpc.newFutureStub(service.queues().getChannel())
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }
}
