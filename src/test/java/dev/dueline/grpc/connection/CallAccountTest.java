package dev.dueline.grpc.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dueline.grpc.connection.CallAccount.Demand;
import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerStreamTracer.ServerCallInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a call holds of its request, until its caller has ended it. */
class CallAccountTest {
  private final TestConnections connections = new TestConnections();
  private final Connection connection = connections.accept(new PeerChannel("10.0.0.1", 1));
  private final List<CallAccount> dropped = new ArrayList<>();

  @Test
  void whatWasReadIsHeldUntilTheRequestEnds() {
    CallAccount call = begin(connection);
    call.inboundWireSize(10);
    call.inboundMessageRead(0, 10, -1);
    call.inboundUncompressedSize(200);
    call.inboundUncompressedSize(200);

    assertThat(connection.messageBytes()).isEqualTo(400);
    assertThat(keeps(call)).isTrue();

    call.requestEnded();

    assertThat(connection.messageBytes()).isZero();
    connection.end(EndReason.MESSAGE_BYTES);
    assertThat(dropped).isEmpty();
  }

  @Test
  void oneThatIsCanceledHoldsNothing() {
    CallAccount call = begin(connection);
    call.inboundUncompressedSize(200);

    assertThat(keeps(call)).isTrue();

    call.streamClosed(Status.CANCELLED);

    assertThat(dropped).containsExactly(call);
    assertThatThrownBy(() -> call.inboundUncompressedSize(200))
        .isInstanceOf(StatusRuntimeException.class);

    assertThat(connection.messageBytes()).isZero();
  }

  @Test
  void oneThatDidNotEndInTimeIsDroppedAndNotCarriedOut() {
    CallAccount call = begin(connection);
    call.inboundUncompressedSize(200);
    assertThat(keeps(call)).isTrue();

    connection.awaited.remove(call);
    call.timedOut();

    assertThat(dropped).containsExactly(call);
    assertThat(call.requestEnded()).isFalse();
    assertThat(begin(connection).requestEnded()).as("one that did").isTrue();
  }

  @Test
  void moreThanItsConnectionMayHoldIsNotRead() {
    CallAccount first = begin(connection);
    first.inboundUncompressedSize(TestConnections.MESSAGE_BYTES_PER_CONNECTION);
    CallAccount second = begin(connection);

    assertThatThrownBy(() -> second.inboundUncompressedSize(1))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("RESOURCE_EXHAUSTED");
    assertThat(keeps(second)).isFalse();
    assertThat(keeps(first)).isTrue();
  }

  @Test
  void requestsOfAConnectionThatEndsAreDroppedAtOnce() {
    CallAccount ended = begin(connection);
    ended.inboundUncompressedSize(TestConnections.MESSAGE_BYTES_PER_CONNECTION);
    assertThat(keeps(ended)).isTrue();
    CallAccount other = begin(connections.accept(new PeerChannel("10.0.0.2", 2)));
    assertThat(keeps(other)).isTrue();

    other.inboundUncompressedSize(TestConnections.MESSAGE_BYTES_PER_CONNECTION - 1);

    assertThat(connections.ended).containsExactly(EndReason.MESSAGE_BYTES);
    assertThat(dropped).containsExactly(ended);
    CallAccount late = begin(connection);
    assertThatThrownBy(() -> late.inboundUncompressedSize(1))
        .isInstanceOf(StatusRuntimeException.class);
    assertThat(keeps(late)).isFalse();
  }

  private boolean keeps(CallAccount call) {
    return call.mayKeep(() -> dropped.add(call));
  }

  private static CallAccount begin(Connection connection) {
    CallAccount call =
        (CallAccount)
            CallAccount.factory(method -> Integer.MAX_VALUE)
                .newServerStreamTracer("dueline.v1.SchedulerService/Schedule", new Metadata());
    call.serverCallStarted(new OfConnection(connection));
    call.begin(new Demand(false, () -> true, () -> {}));
    return call;
  }

  /** A call over a connection. */
  private static final class OfConnection extends ServerCallInfo<Object, Object> {
    private final Attributes attributes;

    OfConnection(Connection connection) {
      this.attributes = Attributes.newBuilder().set(Connection.KEY, connection).build();
    }

    @Override
    public MethodDescriptor<Object, Object> getMethodDescriptor() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Attributes getAttributes() {
      return attributes;
    }

    @Override
    public @Nullable String getAuthority() {
      return null;
    }
  }
}
