package dev.dueline.grpc.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who has to go, and what is refused, where connections, calls or messages are too many. */
class ConnectionsTest {
  private final AtomicLong nanos = new AtomicLong();
  private final TestConnections connections = new TestConnections(nanos::get);
  private int port;

  private Connection connect(String address) {
    return connections.accept(new PeerChannel(address, ++port));
  }

  private Connection known(String address) {
    Connection known = connect(address);
    known.admitted("known");
    return known;
  }

  @Test
  void theOldestStrangerOfAnAddressGivesWay() {
    Connection elsewhere = connect("10.0.0.9");
    Connection wellKnown = known("10.0.0.1");
    Connection oldest = connect("10.0.0.1");
    List<Connection> later = new ArrayList<>();
    for (int i = 2; i < TestConnections.PER_ADDRESS; i++) {
      later.add(connect("10.0.0.1"));
    }
    assertThat(oldest.isOver()).isFalse();

    Connection added = connect("10.0.0.1");

    assertThat(oldest.isOver()).isTrue();
    assertThat(later).noneMatch(Connection::isOver);
    assertThat(List.of(added, wellKnown, elsewhere)).noneMatch(Connection::isOver);
    assertThat(connections.ended).containsExactly(EndReason.NO_ROOM);
  }

  @Test
  void theOldestStrangerOfAllGivesWay() {
    Connection wellKnown = known("10.0.0.1");
    Connection oldest = connect("10.0.0.2");
    for (int i = 2; i < TestConnections.CONNECTIONS; i++) {
      connect("10.0.1." + i);
    }

    connect("10.0.2.1");

    assertThat(oldest.isOver()).isTrue();
    assertThat(wellKnown.isOver()).isFalse();
  }

  @Test
  void anAddressWhoseOnlyConnectionGivesWayToItsOwnIsStillCounted() {
    connect("10.0.0.1");
    List<Connection> others = new ArrayList<>();
    for (int i = 1; i < TestConnections.CONNECTIONS; i++) {
      others.add(connect("10.0.1." + i));
    }
    List<Connection> own = new ArrayList<>();
    for (int i = 0; i < TestConnections.PER_ADDRESS; i++) {
      own.add(connect("10.0.0.1"));
    }
    assertThat(others).filteredOn(Connection::isOver).hasSize(TestConnections.PER_ADDRESS - 1);

    connect("10.0.0.1");
    assertThat(own.get(0).isOver()).isTrue();
    assertThat(others).filteredOn(Connection::isOver).hasSize(TestConnections.PER_ADDRESS - 1);
  }

  @Test
  void whatGivesWayIsClosedAtOnce() {
    PeerChannel oldest = new PeerChannel("10.0.0.1", 99);
    connections.accept(oldest);
    for (int i = 0; i < TestConnections.PER_ADDRESS; i++) {
      connect("10.0.0.1");
    }
    oldest.runPendingTasks();
    assertThat(oldest.isOpen()).isFalse();
  }

  @Test
  void whereNobodyIsAStrangerTheNewOneFindsNoRoom() {
    for (int i = 0; i < TestConnections.PER_ADDRESS; i++) {
      known("10.0.0.1");
    }

    assertThat(connections.all.accept(new PeerChannel("10.0.0.1", 99))).isNull();
    assertThat(connections.all.accept(new PeerChannel("10.0.0.2", 99))).isNotNull();
  }

  @Test
  void aConnectionThatClosedMakesRoom() {
    List<PeerChannel> channels = new ArrayList<>();
    for (int i = 0; i < TestConnections.PER_ADDRESS; i++) {
      PeerChannel channel = new PeerChannel("10.0.0.1", ++port);
      connections.accept(channel).admitted("known");
      channels.add(channel);
    }

    channels.get(0).close();

    assertThat(connections.all.accept(new PeerChannel("10.0.0.1", 99))).isNotNull();
    assertThat(connections.connections.getAsInt()).isEqualTo(TestConnections.PER_ADDRESS);
  }

  @Test
  void hostsOfOneIpv6NetworkAreOneAddress() {
    for (int i = 0; i < TestConnections.PER_ADDRESS; i++) {
      known("2001:db8:0:1::" + i);
    }

    assertThat(connections.all.accept(new PeerChannel("2001:db8:0:1:ffff::", 99))).isNull();
    assertThat(connections.all.accept(new PeerChannel("2001:db8:0:2::1", 99))).isNotNull();
  }

  @Test
  void callsAreCountedOnTheConnectionFromTheAddressAndInAll() {
    Connection first = known("10.0.0.1");
    Connection second = known("10.0.0.1");
    Connection other = known("10.0.0.2");
    for (int i = 0; i < TestConnections.CALLS_PER_CONNECTION; i++) {
      assertThat(first.begin(false)).isNull();
    }
    assertThat(first.begin(false)).isEqualTo(Excess.CALLS_OF_CONNECTION);
    assertThat(second.begin(false)).isNull();
    assertThat(second.begin(false)).isNull();
    assertThat(second.begin(false)).isEqualTo(Excess.CALLS_OF_ADDRESS);
    assertThat(other.begin(false)).isNull();
    assertThat(other.begin(false)).isNull();
    assertThat(other.begin(false)).isEqualTo(Excess.CALLS);
    assertThat(connections.calls.getAsInt()).isEqualTo(TestConnections.CALLS);

    first.finish(false);

    assertThat(other.begin(false)).isNull();
  }

  @Test
  void callsWithoutCredentialsHaveAShareOfTheirOwn() {
    Connection first = connect("10.0.0.1");
    Connection second = connect("10.0.0.2");
    assertThat(first.begin(true)).isNull();
    assertThat(first.begin(true)).isNull();
    assertThat(first.begin(true)).isEqualTo(Excess.ANONYMOUS_CALLS);
    assertThat(second.begin(true)).isNull();
    assertThat(second.begin(true)).isEqualTo(Excess.ANONYMOUS_CALLS);
    assertThat(connections.calls.getAsInt()).isEqualTo(TestConnections.ANONYMOUS);
    assertThat(second.begin(false)).isNull();

    first.finish(true);

    assertThat(second.begin(true)).isNull();
  }

  @Test
  void anAddressLeavesAnonymousCallsToOthers() {
    Connection first = connect("10.0.0.1");
    Connection second = connect("10.0.0.1");
    assertThat(first.begin(true)).isNull();
    assertThat(second.begin(true)).isNull();
    assertThat(second.begin(true)).isEqualTo(Excess.ANONYMOUS_CALLS);
    assertThat(connect("10.0.0.2").begin(true)).isNull();

    first.finish(true);

    assertThat(second.begin(true)).isNull();
  }

  @Test
  void anAddressMayFailSoOftenAndMoreAsTimePasses() {
    Connection first = connect("10.0.0.1");
    for (int i = 0; i < TestConnections.FAILURES; i++) {
      first.failedAuthentication();
    }
    assertThat(first.isOver()).isFalse();
    first.failedAuthentication();
    assertThat(first.isOver()).isTrue();

    Connection again = connect("10.0.0.1");
    again.failedAuthentication();
    assertThat(again.isOver()).isTrue();
    Connection elsewhere = connect("10.0.0.2");
    elsewhere.failedAuthentication();
    assertThat(elsewhere.isOver()).isFalse();

    nanos.addAndGet(60_000_000_000L);
    Connection later = connect("10.0.0.1");
    later.failedAuthentication();
    assertThat(later.isOver()).isFalse();
    assertThat(connections.ended)
        .containsExactly(EndReason.FAILED_AUTHENTICATIONS, EndReason.FAILED_AUTHENTICATIONS);
  }

  @Test
  void theConnectionThatHoldsMostGoesWhereAllHoldTooMuch() {
    Connection most = known("10.0.0.1");
    Connection less = known("10.0.0.2");
    assertThat(most.hold(TestConnections.MESSAGE_BYTES_PER_CONNECTION)).isTrue();
    assertThat(less.hold(TestConnections.MESSAGE_BYTES_PER_CONNECTION - 1)).isTrue();

    assertThat(most.isOver()).isTrue();
    assertThat(less.isOver()).isFalse();
    assertThat(connections.messageBytes.getAsLong())
        .isEqualTo(TestConnections.MESSAGE_BYTES_PER_CONNECTION - 1);

    most.release(TestConnections.MESSAGE_BYTES_PER_CONNECTION);
    less.release(TestConnections.MESSAGE_BYTES_PER_CONNECTION - 1);
    assertThat(connections.messageBytes.getAsLong()).isZero();
  }

  @Test
  void moreGoWhereThatLeavesLittleRoom() {
    TestConnections many = new TestConnections(40);
    List<Connection> all =
        IntStream.rangeClosed(1, 40)
            .mapToObj(i -> many.accept(new PeerChannel("10.0.0." + i, 1)))
            .toList();
    for (int i = 0; i < 40; i++) {
      all.get(i).hold(i < 20 ? 20 : 30);
    }
    assertThat(many.ended).isEmpty();

    all.get(0).hold(1);
    // Of 1,001 bytes 937 may stay.
    assertThat(many.ended).hasSize(3).containsOnly(EndReason.MESSAGE_BYTES);
    assertThat(many.messageBytes.getAsLong()).isEqualTo(911);
    assertThat(all.subList(0, 20)).noneMatch(Connection::isOver);
  }

  @Test
  void connectionsThatHoldMostGoWhereThereAreTooManyBuffers() {
    PeerChannel channel = new PeerChannel("10.0.0.1", 1);
    channel.freezeTime();
    Connection most = connections.accept(channel);
    most.admitted("known");
    Connection less = known("10.0.0.2");
    most.hold(2);
    less.hold(1);
    connections.bufferBytes = TestConnections.BUFFER_BYTES;
    less.reads();
    assertThat(connections.ended).isEmpty();

    connections.bufferBytes++;
    less.reads();
    less.reads();
    assertThat(connections.ended).containsExactly(EndReason.BUFFER_BYTES);
    assertThat(most.isOver()).isTrue();

    channel.runPendingTasks();
    less.reads();
    assertThat(less.isOver()).as("before the first gave its buffers back").isFalse();
    channel.advanceTimeBy(1, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
    less.reads();
    assertThat(less.isOver()).isTrue();
  }

  @Test
  void aConnectionHearsOfItsOwnBound() {
    Connection one = known("10.0.0.1");
    assertThat(one.hold(TestConnections.MESSAGE_BYTES_PER_CONNECTION)).isTrue();
    assertThat(one.hold(1)).isFalse();
    assertThat(one.mayHold(1)).isFalse();
  }

  @Test
  void whoWaitsForRoomIsToldWhenThereIsSome() {
    PeerChannel channel = new PeerChannel("10.0.0.1", 1);
    Connection one = connections.accept(channel);
    List<String> told = new ArrayList<>();
    one.hold(TestConnections.MESSAGE_BYTES_PER_CONNECTION);
    assertThat(one.hasRoom(() -> told.add("room"))).isFalse();

    one.release(1);
    channel.runPendingTasks();
    assertThat(told).isEmpty();

    one.release(TestConnections.MESSAGE_BYTES_PER_CONNECTION / 2);
    channel.runPendingTasks();
    assertThat(told).containsExactly("room");
    assertThat(one.hasRoom(() -> told.add("again"))).isTrue();
  }
}
