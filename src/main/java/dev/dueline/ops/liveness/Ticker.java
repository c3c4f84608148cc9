package dev.dueline.ops.liveness;

import dev.dueline.grpc.call.Standstill;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** Says ten times a second that the process goes on, from a thread of its own. */
@Singleton
final class Ticker {
  private static final Logger LOG = Logger.getLogger(Ticker.class);

  private final Standstill standstill;
  private final Thread thread;

  Ticker(Standstill standstill, MeterRegistry registry) {
    this.standstill = standstill;
    this.thread = new Thread(this::run, "dueline-ticker");
    thread.setDaemon(true);
    FunctionCounter.builder("dueline.standstills", standstill, Standstill::count)
        .description("Times that the process stood still for half a second or longer")
        .register(registry);
  }

  void started(@Observes StartupEvent event) {
    thread.start();
  }

  void ended(@Observes ShutdownEvent event) {
    thread.interrupt();
  }

  /** Without it all calls that change something would count as late. */
  private void tick() {
    try {
      standstill.tick();
    } catch (RuntimeException e) {
      LOG.error("A standstill could not be told", e);
    }
  }

  @SuppressWarnings("InfiniteLoopStatement")
  private void run() {
    try {
      while (true) {
        Thread.sleep(Standstill.TICK.toMillis());
        tick();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
