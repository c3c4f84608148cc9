package dev.dueline.ops.memory;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Sees the OutOfMemoryErrors that whoever caught them has logged. */
@Singleton
final class LoggedErrors extends Handler {

  void started(@Observes @Priority(1) StartupEvent event) {
    Logger.getLogger("").addHandler(this);
  }

  @Override
  public void publish(LogRecord record) {
    OutOfMemory.endIfSeen(record.getThrown());
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
