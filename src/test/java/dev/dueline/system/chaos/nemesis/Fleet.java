package dev.dueline.system.chaos.nemesis;

/** The replicas of the service, to a nemesis. */
public interface Fleet {
  /** As {@code kill -9} of one, and a new one; returns once that takes calls. */
  void killOne(int victim);

  /** SIGSTOP of one; gives what has it go on. */
  Runnable stopOne(int victim);

  /** SIGTERM to each in turn, and a new one, of the other build if there is one. */
  void restartAll();

  /** Waits until a job has been delivered after that moment, but not for ever. */
  void awaitDelivery(long afterUs);
}
