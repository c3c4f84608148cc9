package dev.dueline.grpc.accept;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the descriptors of a server: it accepts none while event loops have yet to take {@value
 * #MARGIN} connections, or while there are as many as may be, and {@value #MARGIN} more. Others
 * wait in the kernel's backlog, where they cost nothing here. Without it an acceptor, which has a
 * thread of its own, runs ahead of event loops by as many connections as come. Thread-safe.
 */
public final class OpenChannels {
  /** Enough to keep event loops busy, and little beside the connections that there may be. */
  public static final int MARGIN = 48;

  private final int most;
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger untaken = new AtomicInteger();
  private volatile @Nullable ChannelConfig listening;

  /**
   * None yet.
   *
   * @param max beyond which those who take a connection end another
   */
  public OpenChannels(int max) {
    this.most = max + MARGIN;
  }

  /**
   * Some more were accepted. On the thread of the channel that listens, which is to call {@link
   * #resume} when it is done with what it had.
   *
   * @param by of the channel that listens
   */
  public void accepted(int channels, ChannelConfig by) {
    listening = by;
    untaken.addAndGet(channels);
    open.addAndGet(channels);
    if (areTooMany()) {
      by.setAutoRead(false);
    }
  }

  /** An event loop has taken one over. */
  public void taken() {
    untaken.decrementAndGet();
    resume();
  }

  /**
   * One that was accepted counts until its descriptor is given back, which is when its event loop
   * selects next. What is scheduled may run before that, what that schedules does not.
   */
  public void follow(Channel accepted) {
    accepted.closeFuture().addListener(closed -> closed(accepted.eventLoop()));
  }

  private void closed(EventLoop loop) {
    later(loop, () -> later(loop, this::released));
  }

  private static void later(EventLoop loop, Runnable task) {
    var unused = loop.schedule(task, 0, TimeUnit.NANOSECONDS);
  }

  private void released() {
    open.decrementAndGet();
    resume();
  }

  /** Accepts on if it stopped, and there is room. */
  public void resume() {
    ChannelConfig config = listening;
    if (config != null && !config.isAutoRead() && !areTooMany()) {
      config.setAutoRead(true);
    }
  }

  private boolean areTooMany() {
    return untaken.get() >= MARGIN || open.get() >= most;
  }
}
