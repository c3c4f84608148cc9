package dev.dueline.grpc.connection;

import dev.dueline.access.Allowance;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a connection is read: a stranger when it has its turn, as one whose principal was
 * read a lot in this pass of the event loop, others at once, and nobody who does not read what he
 * is sent. It stands at the head of the pipeline, and holds back what asks for the next read there:
 * HTTP/2 and TLS do so themselves where reads are not automatic.
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
   * @param turns those on its event loop
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
    String principal = connection.principal();
    if (principal == null && reads < FREE_READS) {
      config.setAutoRead(false);
      reads++;
      reading.read();
    } else if (principal == null || !turns.mayRead(principal)) {
      config.setAutoRead(false);
      isWaiting = true;
      turns.ask(principal, this);
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
   * Lets those who have to wait on one event loop be read in turns, a few of each principal, and of
   * all strangers, in each pass of the loop. Every step of everybody's calls waits for a pass: who
   * has a lot to say makes it no longer, over however many connections. On that event loop.
   */
  static final class Turns {
    /** Of a principal, or of strangers, in one pass. */
    private static final int READS = 8;

    /** What strangers may send. */
    final ReadSizes.Budget bytes;

    private final Consumer<Runnable> thisPass;
    private final Consumer<Runnable> nextPass;
    private final Line strangers = new Line();

    /** Of principals that are read in this pass, or wait. */
    private final Map<String, Line> lines = new HashMap<>();

    private boolean isCounting;
    private boolean isSet;

    /**
     * Nobody waits.
     *
     * @param thisPass runs a task at the end of this pass of the loop
     * @param nextPass runs one in the next pass
     */
    Turns(Consumer<Runnable> thisPass, Consumer<Runnable> nextPass, Allowance.NanoClock clock) {
      this.thisPass = thisPass;
      this.nextPass = nextPass;
      this.bytes = new ReadSizes.Budget(clock);
    }

    /**
     * Those of an event loop. What is scheduled at once runs in its next pass; what is executed may
     * in this one.
     */
    static Turns on(EventLoop loop, Allowance.NanoClock clock) {
      return new Turns(loop::execute, pass -> loop.schedule(pass, 0, TimeUnit.NANOSECONDS), clock);
    }

    /** Whether a connection of a principal may be read again without a turn. */
    boolean mayRead(String principal) {
      Line line = lines.get(principal);
      return line == null || !line.isMuch() && line.waiting.isEmpty();
    }

    /** A connection of a principal is read; whether that is one too many in this pass. */
    boolean read(String principal) {
      Line line = line(principal);
      line.reads++;
      if (!isCounting) {
        isCounting = true;
        thisPass.accept(this::ends);
      }
      return line.isMuch();
    }

    /** One waits for its turn; null: it is a stranger. */
    void ask(@Nullable String principal, ReadGate waiting) {
      (principal == null ? strangers : line(principal)).waiting.add(waiting);
      set();
    }

    private Line line(String principal) {
      return lines.computeIfAbsent(principal, first -> new Line());
    }

    private void ends() {
      isCounting = false;
      lines.values().forEach(line -> line.reads = 0);
      lines.values().removeIf(line -> line.waiting.isEmpty());
    }

    private void set() {
      if (!isSet) {
        isSet = true;
        nextPass.accept(this::pass);
      }
    }

    private void pass() {
      isSet = false;
      boolean areLeft = strangers.advance();
      for (Line each : lines.values()) {
        areLeft |= each.advance();
      }
      if (areLeft) {
        set();
      }
    }

    /** Connections of one principal, or of all strangers, in the order in which they asked. */
    private static final class Line {
      private final Deque<ReadGate> waiting = new ArrayDeque<>();

      /** In this pass. */
      private int reads;

      boolean isMuch() {
        return reads > READS;
      }

      /** Gives a few their turn; whether others still wait. */
      boolean advance() {
        int turns = 0;
        while (turns < READS && !waiting.isEmpty()) {
          turns += waiting.remove().turn() ? 1 : 0;
        }
        return !waiting.isEmpty();
      }
    }
  }
}
