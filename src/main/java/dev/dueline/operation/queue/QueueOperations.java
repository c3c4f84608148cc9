package dev.dueline.operation.queue;

import dev.dueline.store.queue.QueueDirectory;
import dev.dueline.store.queue.QueueStore;
import dev.dueline.store.queue.RedisStreamStore;

/** What operators do with queues. Thread-safe; nothing happens before a Uni is subscribed. */
public record QueueOperations(
    Queues queues,
    JobCount count,
    QueueReads reads,
    QueueControl control,
    DeliverySwitch delivery,
    Purge purge,
    Redrive redrive,
    Removal removal,
    WatcherList watchers) {

  /** Operations on the queues of a directory, which are kept in these stores. */
  public static QueueOperations of(
      QueueDirectory directory,
      QueueStore store,
      RedisStreamStore streams,
      WatcherList.Source watchers) {
    Queues queues = new Queues(directory, store, streams);
    JobCount count = new JobCount(queues, store);
    return new QueueOperations(
        queues,
        count,
        new QueueReads(queues, count),
        new QueueControl(queues, store),
        new DeliverySwitch(queues, store, streams),
        new Purge(queues, store),
        new Redrive(queues, store),
        new Removal(queues, directory),
        new WatcherList(queues, watchers));
  }
}
