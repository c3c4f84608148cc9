package dev.dueline.embedded;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtLogRecord;

/** What a class, or all of a package, logs while this is open. */
public final class CapturedLog extends Handler implements AutoCloseable {
  private final Logger logger;
  private final List<LogRecord> records = new CopyOnWriteArrayList<>();

  private CapturedLog(Logger logger) {
    this.logger = logger;
  }

  static CapturedLog of(Class<?> type) {
    return of(type.getName());
  }

  /** Of a class or a package, and those below it, by its name. */
  public static CapturedLog of(String name) {
    CapturedLog log = new CapturedLog(Logger.getLogger(name));
    log.logger.addHandler(log);
    return log;
  }

  /** What was logged at a level, in order. */
  public List<String> messages(Level level) {
    return records.stream()
        .filter(entry -> entry.getLevel().intValue() == level.intValue())
        .map(
            entry ->
                entry instanceof ExtLogRecord extended
                    ? extended.getFormattedMessage()
                    : entry.getMessage())
        .toList();
  }

  @Override
  public void publish(LogRecord entry) {
    records.add(entry);
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
  }
}
