package dev.dueline.grpc.connection;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.function.BooleanSupplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What one call uses: a place among the calls in progress, and bytes of messages that have arrived
 * in part, whose request has not ended, or that are not sent yet. gRPC reports these to a tracer:
 * what concerns incoming messages and the end on the connection's event loop, outgoing ones on the
 * thread that writes.
 */
public final class CallAccount extends ServerStreamTracer {
  private static final Context.Key<CallAccount> CURRENT = Context.key("dueline-call-account");

  /** Thrown into gRPC's deframer, which ends the call with its status, or a decompression. */
  private static final StatusRuntimeException TOO_LARGE =
      refusal("The message is larger than this method takes.");

  private static final StatusRuntimeException TOO_MUCH_AT_ONCE =
      refusal(
          "More bytes of messages are in transit on this connection than"
              + " dueline.limits.message-bytes-per-connection: wait for some calls to finish.");

  // Of AwaitedMessages.
  @Nullable CallAccount previous;
  @Nullable CallAccount next;
  long awaitedSinceNanos;
  boolean isAwaited;

  private final int maxMessageBytes;
  private final boolean isCompressing;
  private @Nullable Connection connection;
  private @Nullable Demand demand;
  private volatile @Nullable Runnable whenRoom;
  private boolean isCounted;
  private long receivedBytes;

  /** Of messages that were read, decompressed, while gRPC waits for the end of the request. */
  private long requestBytes;

  private boolean isBeyond;
  private volatile @Nullable Runnable dropRequest;
  private volatile boolean isClosed;

  /** Guarded by this. */
  private long unsentBytes;

  /**
   * What a call wants of its account.
   *
   * @param isAnonymous whether it needs no credentials
   * @param isReady whether little of what was written to the call waits to be sent
   * @param onTimeout called on the connection's event loop if its request does not end in time
   */
  public record Demand(boolean isAnonymous, BooleanSupplier isReady, Runnable onTimeout) {}

  private CallAccount(int maxMessageBytes, boolean isCompressing) {
    this.maxMessageBytes = maxMessageBytes;
    this.isCompressing = isCompressing;
  }

  /**
   * Makes the accounts of all calls.
   *
   * @param maxMessageBytes of a method's requests, by its full name
   */
  public static ServerStreamTracer.Factory factory(ToIntFunction<String> maxMessageBytes) {
    return new ServerStreamTracer.Factory() {
      @Override
      public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
        return new CallAccount(
            maxMessageBytes.applyAsInt(fullMethodName), ReadCost.isCompressing(headers));
      }
    };
  }

  /** That of the call that this thread begins; null where calls are not counted, as in tests. */
  public static @Nullable CallAccount current() {
    return CURRENT.get();
  }

  /**
   * Counts the call as in progress until it ends. On the connection's event loop.
   *
   * @return what it would be too much of; null: nothing
   */
  public @Nullable Excess begin(Demand wanted) {
    Connection own = connection;
    if (own == null || isClosed) {
      return null;
    }
    Excess excess = own.begin(wanted.isAnonymous());
    if (excess == null) {
      demand = wanted;
      isCounted = true;
      own.awaited.add(this);
    }
    return excess;
  }

  /**
   * Who makes the call is known, which it was not when it began: it counts as one with credentials
   * from now on. On the connection's event loop.
   */
  public void named() {
    Demand wanted = demand;
    Connection own = connection;
    if (own != null && isCounted && wanted != null && wanted.isAnonymous()) {
      demand = new Demand(false, wanted.isReady(), wanted.onTimeout());
      own.named();
    }
  }

  /** Whether an answer of that size may wait until it is sent. Any thread. */
  public boolean mayAnswer(long bytes) {
    return connection == null || connection.mayHold(bytes);
  }

  /**
   * Whether to go on writing, as far as that hangs on all that the connection's peer has not read.
   * If not, what {@link #onRoom} was given is told when there is. Any thread.
   */
  public boolean hasRoom() {
    Runnable waiting = whenRoom;
    return connection == null || waiting == null || connection.hasRoom(waiting);
  }

  /** Takes what is called, on the connection's event loop, when there is room again. */
  public void onRoom(Runnable told) {
    whenRoom =
        () -> {
          if (!isClosed) {
            told.run();
          }
        };
  }

  /** What was written to the call has been sent, but for little. Any thread. */
  public synchronized void sent() {
    release(unsentBytes);
    unsentBytes = 0;
  }

  @Override
  public Context filterContext(Context context) {
    return context.withValue(CURRENT, this);
  }

  @Override
  public void serverCallStarted(ServerCallInfo<?, ?> info) {
    connection = Connection.of(info.getAttributes());
    if (isCompressing && connection != null) {
      connection.cost.compresses();
    }
  }

  @Override
  public void inboundWireSize(long bytes) {
    receivedBytes += bytes;
    boolean isWithin = connection == null || connection.hold(bytes);
    if (receivedBytes > maxMessageBytes) {
      throw TOO_LARGE;
    }
    if (!isWithin) {
      throw TOO_MUCH_AT_ONCE;
    }
  }

  /** A message has arrived whole, and is read next. */
  @Override
  public void inboundMessageRead(int number, long wireBytes, long uncompressedBytes) {
    release(receivedBytes);
    receivedBytes = 0;
  }

  /**
   * More of a message is read, which is kept until its caller ends the request, if he ever does.
   */
  @Override
  public void inboundUncompressedSize(long bytes) {
    Connection own = connection;
    if (own == null) {
      return;
    }
    if (isClosed || own.isOver()) {
      // Nobody waits for it: it need not be decompressed to its end.
      throw TOO_MUCH_AT_ONCE;
    }
    if (isCompressing) {
      own.cost.inflated(bytes);
    }
    requestBytes += bytes;
    isBeyond |= !own.hold(bytes);
    if (isBeyond) {
      throw TOO_MUCH_AT_ONCE;
    }
  }

  /** Whether its messages, with all that its connection holds, are more than may be. */
  public boolean isBeyond() {
    return isBeyond;
  }

  /** Whether it is over, whoever ended it: nothing is to be done for it any more. Any thread. */
  public boolean isClosed() {
    return isClosed;
  }

  /**
   * Whether what was read of its request is kept, which it is not where the connection holds too
   * much, or ends. On the connection's event loop.
   *
   * @param drop called on any thread if it is to be kept no longer: its connection ends, or it does
   */
  public boolean mayKeep(Runnable drop) {
    dropRequest = drop;
    return !isBeyond && (connection == null || !connection.isOver());
  }

  /**
   * All of its request has come that is to come before an answer. On the event loop.
   *
   * @return whether it came in time: otherwise the call has been answered
   */
  public boolean requestEnded() {
    boolean isInTime = connection == null || isAwaited;
    dropRequest = null;
    release(requestBytes);
    requestBytes = 0;
    if (connection != null) {
      connection.awaited.remove(this);
    }
    return isInTime;
  }

  /** The request is kept no longer, whatever its caller still sends. Any thread. */
  void drop() {
    Runnable dropped = dropRequest;
    if (dropped != null) {
      dropRequest = null;
      dropped.run();
    }
  }

  @Override
  public synchronized void outboundWireSize(long bytes) {
    if (connection == null || isClosed) {
      return;
    }
    if (demand != null && demand.isReady().getAsBoolean()) {
      sent();
    }
    unsentBytes += bytes;
    connection.hold(bytes);
  }

  @Override
  public void streamClosed(Status status) {
    synchronized (this) {
      isClosed = true;
      sent();
    }
    drop();
    requestEnded();
    release(receivedBytes);
    receivedBytes = 0;
    Connection own = connection;
    if (own != null && isCounted) {
      isCounted = false;
      own.finish(demand != null && demand.isAnonymous());
    }
  }

  /** Its request did not end in time. */
  void timedOut() {
    drop();
    if (demand != null) {
      demand.onTimeout().run();
    }
  }

  private void release(long bytes) {
    if (bytes > 0 && connection != null) {
      connection.release(bytes);
    }
  }

  private static StatusRuntimeException refusal(String description) {
    StatusRuntimeException refusal =
        Status.RESOURCE_EXHAUSTED.withDescription(description).asRuntimeException();
    refusal.setStackTrace(new StackTraceElement[0]);
    return refusal;
  }
}
