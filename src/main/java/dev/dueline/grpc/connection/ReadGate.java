package dev.dueline.grpc.connection;

import dev.dueline.access.Allowance;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a connection is read: a known peer at once, a stranger when it has its turn, and
 * nobody who does not read what he is sent. It stands at the head of the pipeline, and holds back
 * what asks for the next read there: HTTP/2 and TLS do so themselves where reads are not automatic.
 */
final class ReadGate extends ChannelDuplexHandler {
  /**
   * Reads of a stranger that wait for no turn: a first call arrives in so many, without TLS. New
   * strangers give way to newer ones, and do not stand in line with old ones before that.
   */
  private static final int FREE_READS = 4;

  private final Connection connection;
  private final Turns turns;
  private final long stuckBytes;
  private @Nullable ChannelHandlerContext context;
  private int reads;
  private boolean isWaiting;
  private boolean isStuck;

  /**
   * That of a connection.
   *
   * @param turns those of the strangers on its event loop
   * @param stuckBytes what waits for its peer to read when nothing more is read from it
   */
  ReadGate(Connection connection, Turns turns, long stuckBytes) {
    this.connection = connection;
    this.turns = turns;
    this.stuckBytes = stuckBytes;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
    read(added);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext removed) {
    context = null;
  }

  @Override
  public void read(ChannelHandlerContext reading) {
    if (isWaiting || isStuck) {
      return;
    }
    ChannelConfig config = reading.channel().config();
    if (!connection.isKnown()) {
      config.setAutoRead(false);
      if (reads < FREE_READS) {
        reads++;
        reading.read();
      } else {
        isWaiting = true;
        turns.ask(this);
      }
    } else if (config.isAutoRead()) {
      reading.read();
    } else {
      // Which comes here once more.
      config.setAutoRead(true);
    }
  }

  /** Its turn has come; whether it is still there. */
  boolean turn() {
    isWaiting = false;
    if (context == null) {
      return false;
    }
    if (!isStuck) {
      context.read();
    }
    return true;
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext changed) {
    boolean isWritable = changed.channel().isWritable();
    if (isWritable == isStuck) {
      isStuck = !isWritable;
      if (isStuck) {
        connection.hold(stuckBytes);
        changed.channel().config().setAutoRead(false);
      } else {
        connection.release(stuckBytes);
        read(changed);
      }
    }
    changed.fireChannelWritabilityChanged();
  }

  /**
   * Lets the strangers of one event loop be read again in turns, a few more in each pass of the
   * loop. Every step of everybody's calls waits for a pass: strangers who go on talking make it no
   * longer, however many they are. On that event loop.
   */
  static final class Turns {
    /** In one pass. */
    private static final int READS = 8;

    /** What they may send. */
    final ReadSizes.Budget bytes;

    private final Consumer<Runnable> nextPass;
    private final Deque<ReadGate> waiting = new ArrayDeque<>();
    private boolean isSet;

    /**
     * Nobody waits.
     *
     * @param nextPass runs a task in the next pass of the loop
     */
    Turns(Consumer<Runnable> nextPass, Allowance.NanoClock clock) {
      this.nextPass = nextPass;
      this.bytes = new ReadSizes.Budget(clock);
    }

    /**
     * Those of an event loop. What is scheduled at once runs in its next pass; what is executed
     * might in this one.
     */
    static Turns on(EventLoop loop, Allowance.NanoClock clock) {
      return new Turns(pass -> loop.schedule(pass, 0, TimeUnit.NANOSECONDS), clock);
    }

    /** One waits for its turn. */
    void ask(ReadGate stranger) {
      waiting.add(stranger);
      set();
    }

    private void set() {
      if (!isSet) {
        isSet = true;
        nextPass.accept(this::pass);
      }
    }

    private void pass() {
      isSet = false;
      int reads = 0;
      while (reads < READS && !waiting.isEmpty()) {
        reads += waiting.remove().turn() ? 1 : 0;
      }
      if (!waiting.isEmpty()) {
        set();
      }
    }
  }
}
