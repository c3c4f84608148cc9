package dev.dueline.system.faults.agent;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Faults inside a service that runs, which no caller can provoke at will. It is loaded into the
 * service's JVM and so knows the JDK only; what it needs of the service it finds by reflection.
 */
public final class FaultAgent {
  /** A system property: a flag that all threads see. */
  private static final String UNBLOCK = "fault.unblock";

  /** What is held stays held. */
  private static final List<Object> HELD = new ArrayList<>();

  private FaultAgent() {}

  /** Begins the fault, in a thread of its own: the name of a method below, and its argument. */
  public static void agentmain(String fault) {
    String[] words = fault.split("=", 2);
    new Thread(() -> begin(words[0], words.length == 1 ? "" : words[1]), "fault").start();
  }

  private static void begin(String fault, String argument) {
    try {
      switch (fault) {
        case "heap-held" -> exhaust(HELD);
        case "heap-released" -> exhaust(new ArrayList<>());
        case "array" -> HELD.add(new byte[Integer.MAX_VALUE]);
        case "buffers" -> exhaustBuffers();
        case "uncaught" -> throw new OutOfMemoryError("Cannot reserve 1 bytes");
        case "logged" -> throw new IllegalStateException(new OutOfMemoryError("Cannot reserve 2"));
        case "block" -> block(argument);
        case "unblock" -> System.setProperty(UNBLOCK, "now");
        default -> throw new IllegalArgumentException(fault);
      }
    } catch (OutOfMemoryError e) {
      if (fault.equals("uncaught")) {
        throw e;
      }
      // As frameworks do.
    } catch (IllegalStateException e) {
      Logger.getLogger("somebody").log(Level.SEVERE, "failed", e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @SuppressWarnings("InfiniteLoopStatement")
  private static void exhaust(List<Object> into) {
    for (int bytes = 1 << 20; bytes > 16; bytes /= 2) {
      try {
        while (true) {
          into.add(new byte[bytes]);
        }
      } catch (OutOfMemoryError e) {
        // Smaller ones still fit.
      }
    }
  }

  @SuppressWarnings("InfiniteLoopStatement")
  private static void exhaustBuffers() throws ReflectiveOperationException {
    Class<?> type = type("io.netty.buffer.UnpooledByteBufAllocator");
    Object allocator = type.getField("DEFAULT").get(null);
    Method allocate = type("io.netty.buffer.ByteBufAllocator").getMethod("directBuffer", int.class);
    for (int bytes = 1 << 20; bytes > 1 << 10; bytes /= 2) {
      try {
        while (true) {
          HELD.add(allocate.invoke(allocator, bytes));
        }
      } catch (ReflectiveOperationException e) {
        // Smaller ones still fit.
      }
    }
  }

  /** Blocks the loop whose thread has this name until {@code unblock} comes. */
  private static void block(String thread) throws ReflectiveOperationException {
    System.clearProperty(UNBLOCK);
    Runnable task =
        () -> {
          while (Thread.currentThread().getName().equals(thread)
              && System.getProperty(UNBLOCK) == null) {
            pause();
          }
        };
    Object vertx = bean("io.vertx.core.Vertx");
    Object group =
        type("io.vertx.core.impl.VertxInternal").getMethod("getEventLoopGroup").invoke(vertx);
    for (Object loop : (Iterable<?>) group) {
      ((Executor) loop).execute(task);
    }
    type("dev.dueline.delivery.time.EventLoop")
        .getMethod("execute", Runnable.class)
        .invoke(bean("dev.dueline.delivery.time.EventLoop"), task);
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Object bean(String name) throws ReflectiveOperationException {
    Object container = type("io.quarkus.arc.Arc").getMethod("container").invoke(null);
    Class<?> annotations = java.lang.annotation.Annotation[].class;
    Object handle =
        type("io.quarkus.arc.ArcContainer")
            .getMethod("instance", Class.class, annotations)
            .invoke(container, type(name), new java.lang.annotation.Annotation[0]);
    return type("io.quarkus.arc.InstanceHandle").getMethod("get").invoke(handle);
  }

  /** A class of the service, whose loader its threads have. */
  private static Class<?> type(String name) throws ReflectiveOperationException {
    for (Thread each : Thread.getAllStackTraces().keySet()) {
      if (each.getName().equals("dueline-delivery")) {
        return Class.forName(name, true, each.getContextClassLoader());
      }
    }
    throw new ClassNotFoundException(name);
  }
}
