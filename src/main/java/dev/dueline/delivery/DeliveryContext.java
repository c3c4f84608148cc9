package dev.dueline.delivery;

import dev.dueline.delivery.observer.DeliveryObserver;
import dev.dueline.delivery.time.EventLoop;
import dev.dueline.store.Announcements;
import dev.dueline.store.JobStore;
import dev.dueline.store.QueueStore;
import dev.dueline.store.StreamStore;
import java.util.random.RandomGenerator;

/**
 * What every part of delivery is handed.
 *
 * @param replica names this replica among all, for as long as it lives
 * @param random for jitter, and for what in stamps must not be guessed; used on the loop only
 */
public record DeliveryContext(
    long replica,
    EventLoop loop,
    JobStore store,
    QueueStore operations,
    StreamStore streams,
    Announcements announcements,
    DeliverySettings settings,
    DeliveryObserver observer,
    RandomGenerator random) {}
