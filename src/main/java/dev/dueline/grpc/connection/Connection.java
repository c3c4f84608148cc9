package dev.dueline.grpc.connection;

import io.grpc.Attributes;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One connection, and what it uses. Any thread, unless a method says otherwise. */
public final class Connection {
  static final Attributes.Key<Connection> KEY = Attributes.Key.create("dueline-connection");

  /** GOAWAY: 8 bytes of payload, type 7, no flags, stream 0; last stream; ENHANCE_YOUR_CALM. */
  private static final byte[] GOAWAY = {
    0, 0, 8, 7, 0, 0, 0, 0, 0, 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0, 0, 0, 11
  };

  /** Of the smallest buffer that grpc-java makes for an answer. */
  private static final int ANSWER_BYTES = 4 << 10;

  /** A frame whose rest has not come, and the buffer that it is in. */
  private static final int STRANGER_BYTES = 16 << 10;

  /** Calls of a channel end after it is closed, and with them what they hold. */
  private static final int FREEING_MS = 50;

  /** How long a peer may take to read the last frame. */
  private static final int LAST_WORD_SECONDS = 1;

  final Address address;
  final AwaitedMessages awaited;
  final ReadCost cost;

  private final Connections all;
  private final Channel channel;
  private volatile @Nullable ChannelHandlerContext guard;

  /** Who had a call let in last; null: nobody yet. */
  private volatile @Nullable String principal;

  /** Changed on the event loop. */
  private volatile int calls;

  // On the event loop.
  private int anonymousCalls;

  private boolean hasLeft;

  // Guarded by this.
  private boolean isOver;
  private long messageBytes;
  private final Set<Runnable> waitingForRoom = new LinkedHashSet<>();

  Connection(Connections all, Channel channel, Address address) {
    this.all = all;
    this.channel = channel;
    this.address = address;
    ReadGate.Turns turns = all.turns(channel);
    this.cost = new ReadCost(turns.bytes);
    channel.config().setRecvByteBufAllocator(new ReadSizes(this, turns));
    this.awaited = new AwaitedMessages(channel.eventLoop(), all.bounds().messageTimeout());
  }

  /** That of a call; null where there is none, as with the transports of tests. */
  public static @Nullable Connection of(Attributes transport) {
    return transport.get(KEY);
  }

  /** A call of its peer was let in, by a principal: it is no stranger any longer. */
  public void admitted(String by) {
    String before = principal;
    if (!by.equals(before)) {
      principal = by;
      if (before == null) {
        all.known(this);
      }
    }
  }

  /** Who had a call let in last; null: it is a stranger. */
  @Nullable String principal() {
    return principal;
  }

  /**
   * A call of its peer had no good credentials. Ends the connection if its address had too many.
   */
  public void failedAuthentication() {
    if (!all.failures().mayGoOn(address.name)) {
      end(EndReason.FAILED_AUTHENTICATIONS);
    }
  }

  /**
   * Whether to go on writing, as far as that hangs on all that its peer has not read.
   *
   * @param waiting run on the event loop when there is room again, if there is none
   */
  synchronized boolean hasRoom(Runnable waiting) {
    if (messageBytes <= roomBytes()) {
      return true;
    }
    waitingForRoom.add(waiting);
    return false;
  }

  private long roomBytes() {
    return all.bounds().messageBytesPerConnection() / 2;
  }

  /** Counts a call; what it would be too much of, or null. On the event loop. */
  @Nullable Excess begin(boolean isAnonymous) {
    Bounds.Calls most = all.bounds().calls();
    if (calls >= most.perConnection()) {
      return all.refused(Excess.CALLS_OF_CONNECTION);
    }
    if (isAnonymous && anonymousCalls >= most.anonymousPerConnection()) {
      return all.refused(Excess.ANONYMOUS_CALLS);
    }
    Excess excess = all.begin(address, isAnonymous);
    if (excess == null) {
      calls = calls + 1;
      anonymousCalls += isAnonymous ? 1 : 0;
    }
    return excess;
  }

  /** A counted call is over. On the event loop. */
  void finish(boolean isAnonymous) {
    calls = calls - 1;
    anonymousCalls -= isAnonymous ? 1 : 0;
    all.finish(address, isAnonymous);
  }

  /** Whether that much more may be held for it. */
  synchronized boolean mayHold(long bytes) {
    return messageBytes + bytes <= all.bounds().messageBytesPerConnection();
  }

  /**
   * Holds more bytes for it, whatever the bounds; over that of all, one connection ends.
   *
   * @return whether it is within its own bound
   */
  boolean hold(long bytes) {
    boolean isWithin;
    synchronized (this) {
      if (isOver) {
        return true;
      }
      messageBytes += bytes;
      isWithin = messageBytes <= all.bounds().messageBytesPerConnection();
    }
    all.hold(bytes);
    return isWithin;
  }

  /** Gives held bytes back. */
  void release(long bytes) {
    synchronized (this) {
      if (isOver) {
        return;
      }
      messageBytes -= bytes;
      if (!waitingForRoom.isEmpty() && messageBytes <= roomBytes()) {
        waitingForRoom.forEach(channel.eventLoop()::execute);
        waitingForRoom.clear();
      }
    }
    all.release(bytes);
  }

  synchronized long messageBytes() {
    return messageBytes;
  }

  /**
   * About how many bytes of buffers there are for it: each call has at least one for its answer,
   * and a stranger what HTTP/2 could not read yet.
   */
  long weight() {
    return messageBytes() + (long) calls * ANSWER_BYTES + (isKnown() ? 0 : STRANGER_BYTES);
  }

  /** Before bytes of its peer are read. On the event loop. */
  void reads() {
    all.checkBuffers();
  }

  /** Runs something once the channel is closed, and had time to give its buffers back. */
  void onFreed(Runnable told) {
    channel
        .closeFuture()
        .addListener(
            closed -> channel.eventLoop().schedule(told, FREEING_MS, TimeUnit.MILLISECONDS));
  }

  /** Whether it is ended, or about to be: nothing that is still read from it is to be done. */
  public synchronized boolean isOver() {
    return isOver;
  }

  /** A counted call needs no place among the anonymous ones any more. On the event loop. */
  void named() {
    anonymousCalls--;
    all.named(address);
  }

  /** Whether a call of its peer was let in. */
  public boolean isKnown() {
    return principal != null;
  }

  /** It counts no longer; whether that is news. Guarded by the lock of {@link Connections}. */
  boolean leave() {
    boolean isNews = !hasLeft;
    hasLeft = true;
    return isNews;
  }

  /** Its guard is in place. On the event loop. */
  void guardedBy(ChannelHandlerContext context) {
    guard = context;
  }

  /**
   * Tells the peer to calm down, and hangs up. Where memory is short it says nothing, and where
   * another waits for the room, only what the network takes at once: the peer might not read. What
   * was held for it counts as free at once.
   */
  void end(EndReason reason) {
    if (forget()) {
      all.ended(reason, address);
      channel.eventLoop().execute(() -> hangUp(reason));
    } else if (reason == EndReason.NO_ROOM) {
      // It may be waiting for its last word to be read.
      channel.eventLoop().execute(this::cut);
    }
  }

  /** The channel is closed or about to be: holds nothing from now on. Whether that is news. */
  boolean forget() {
    long held;
    synchronized (this) {
      if (isOver) {
        return false;
      }
      isOver = true;
      held = messageBytes;
      messageBytes = 0;
    }
    // Its channel closes only after what stands before that on its event loop.
    awaited.drop();
    all.release(held);
    return true;
  }

  private void hangUp(EndReason reason) {
    boolean isSilent = reason == EndReason.BUFFER_BYTES || reason == EndReason.HANDSHAKE_BYTES;
    ChannelHandlerContext context = isSilent ? null : guard;
    if (context == null || !channel.isActive() || !channel.isWritable()) {
      cut();
      return;
    }
    // Past grpc-java, which would wait for the calls in progress.
    ByteBuf goAway = context.alloc().buffer(GOAWAY.length).writeBytes(GOAWAY);
    var written = context.writeAndFlush(goAway);
    if (reason == EndReason.NO_ROOM) {
      cut();
    } else {
      written.addListener(done -> context.close());
      var unused = channel.eventLoop().schedule(this::cut, LAST_WORD_SECONDS, TimeUnit.SECONDS);
    }
  }

  private void cut() {
    channel.unsafe().close(channel.voidPromise());
  }
}
