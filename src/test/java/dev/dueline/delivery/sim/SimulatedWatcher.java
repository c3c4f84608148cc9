package dev.dueline.delivery.sim;

import dev.dueline.delivery.watch.Watch;
import dev.dueline.delivery.watch.WatcherSink;
import dev.dueline.job.lease.Delivery;
import dev.dueline.job.lease.LeaseToken;
import dev.dueline.store.news.LeaseEnd;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The sink of a watcher: keeps what it gets, and can stop reading. */
public final class SimulatedWatcher implements WatcherSink {
  private final List<Delivery> received = new ArrayList<>();
  private Optional<Watch> watch = Optional.empty();
  private Consumer<Delivery> onDelivery = delivery -> {};
  private Optional<Throwable> refusal = Optional.empty();
  private boolean isReady = true;
  private boolean isDraining;
  private Duration drainTimeout = Duration.ZERO;
  private boolean isEnded;
  private boolean isStopped;
  private boolean isComplete;
  private final Map<String, LeaseEnd> lost = new LinkedHashMap<>();

  @Override
  public boolean isLongLived() {
    return true;
  }

  void connected(Watch connected) {
    watch = Optional.of(connected);
  }

  void notConnected(Throwable why) {
    refusal = Optional.of(why);
  }

  /** Whether it watches, or did. */
  public boolean isConnected() {
    return watch.isPresent();
  }

  /** Its handle. */
  public Watch watch() {
    return watch.orElseThrow();
  }

  public void onDelivery(Consumer<Delivery> reaction) {
    onDelivery = reaction;
  }

  public void stopReading() {
    isReady = false;
  }

  public void readAgain() {
    isReady = true;
    watch().ready();
  }

  public List<Delivery> received() {
    return received;
  }

  public List<String> ids() {
    return received.stream().map(delivery -> delivery.job().id().value()).toList();
  }

  public List<LeaseToken> tokens() {
    return received.stream().map(Delivery::token).toList();
  }

  public boolean isDraining() {
    return isDraining;
  }

  public boolean isEnded() {
    return isEnded;
  }

  @Override
  public boolean isReady() {
    return isReady;
  }

  @Override
  public void deliver(List<Delivery> jobs) {
    received.addAll(jobs);
    jobs.forEach(onDelivery);
  }

  @Override
  public void draining(Duration timeout) {
    isDraining = true;
    drainTimeout = timeout;
  }

  /** How long it was told that its stream goes on; zero: it was not. */
  public Duration drainTimeout() {
    return drainTimeout;
  }

  @Override
  public void stopped() {
    isStopped = true;
  }

  /** Whether it was told that no more jobs come. */
  public boolean isStopped() {
    return isStopped;
  }

  @Override
  public void lost(LeaseToken lease, LeaseEnd how) {
    lost.put(lease.lease().id().value(), how);
  }

  /** The jobs whose leases it was told to be over, and how these ended. */
  public Map<String, LeaseEnd> lost() {
    return lost;
  }

  /** Why it cannot be served. */
  public Optional<Throwable> refusal() {
    return refusal;
  }

  @Override
  public void refused(Throwable why) {
    refusal = Optional.of(why);
    watch().disconnected();
  }

  @Override
  public void end() {
    isEnded = true;
  }

  @Override
  public void complete() {
    isComplete = true;
  }

  /** Whether its stream ended as its client wanted. */
  public boolean isComplete() {
    return isComplete;
  }
}
