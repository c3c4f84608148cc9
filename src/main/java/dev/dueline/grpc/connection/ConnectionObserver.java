package dev.dueline.grpc.connection;

import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/** Hears of connections. Any thread; never blocks. */
public interface ConnectionObserver {
  /** Takes what can be asked at any time: how many there are, and bytes held for messages. */
  void counts(IntSupplier connections, IntSupplier calls, LongSupplier messageBytes);

  /** The service ended a connection of that address. */
  void ended(EndReason reason, String address);

  /** A call was refused before it began. */
  void refused(Excess excess);
}
