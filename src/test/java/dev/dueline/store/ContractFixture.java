package dev.dueline.store;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.JobView;
import dev.dueline.job.NewJob;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.Delivery;
import dev.dueline.job.lease.LeaseId;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.store.call.CancelItem;
import dev.dueline.store.call.Canceled;
import dev.dueline.store.call.Extension;
import dev.dueline.store.call.JobPage;
import dev.dueline.store.call.ListQuery;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.call.Scheduled;
import dev.dueline.store.due.Claim;
import dev.dueline.store.due.Release;
import dev.dueline.store.due.Release.Target;
import dev.dueline.store.due.Slots;
import dev.dueline.store.due.TestSlots;
import dev.dueline.store.queue.QueueStore;
import io.smallrye.mutiny.Uni;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;

/** A store under contract with a shard of its own for each test, in the words of the tests. */
interface ContractFixture {
  long SECOND = 1_000;
  long MINUTE = 60_000;

  /** How long the leases are that tests take. */
  long LEASE_MS = MINUTE;

  JobStore store();

  /** What operators do with the shards of the store. */
  QueueStore operations();

  Shard shard();

  /** Moves the store's clock on. */
  void pass(long ms);

  default <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(60));
  }

  /** The store's clock. */
  default long nowMs() {
    return await(store().nowMs(shard()));
  }

  static JobId id(String id) {
    return new JobId(id);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static Due in(long ms) {
    return new Due.After(ms);
  }

  static Due at(long ms) {
    return new Due.At(ms);
  }

  default Scheduled schedule(NewJob job, ConflictPolicy onConflict) {
    return await(store().schedule(shard(), List.of(new ScheduleItem(job, onConflict)))).get(0);
  }

  /** Stores a new job with an empty payload. */
  default void given(String id, Due due) {
    Scheduled scheduled = schedule(NewJob.of(id(id), due, new byte[0]), ConflictPolicy.REJECT);
    if (scheduled.outcome() != Scheduled.Outcome.CREATED) {
      throw new IllegalStateException("not created: " + scheduled);
    }
    if (due instanceof Due.After) {
      // A delay ends with the millisecond that it ends in, which may not be over.
      pass(1);
    }
  }

  /** Stores a job that is due, and leases it. */
  default LeaseRef givenLeased(String id) {
    given(id, at(0));
    return claim(1).token().lease();
  }

  /** Stores a job that failed once and is dead. */
  default void givenDead(String id) {
    release(givenLeased(id), new Target.Dead(), true, "broken");
  }

  /** Slots of one watcher. */
  static Slots slots(int count) {
    return TestSlots.of(List.of(new Slots.Holder(7, 8, LEASE_MS)), Collections.nCopies(count, 0));
  }

  default Claim claimUpTo(int slots) {
    return await(store().claim(shard(), slots(slots)));
  }

  /** Leases due jobs and gives the last one; exactly as many must be due. */
  default Delivery claim(int jobs) {
    List<Delivery> deliveries = claimUpTo(jobs + 1).deliveries();
    if (deliveries.size() != jobs) {
      throw new IllegalStateException("due: " + deliveries);
    }
    return deliveries.get(jobs - 1);
  }

  /** Leases the one job that is due, for so long. */
  default Delivery claimFor(long leaseMs) {
    Slots one = TestSlots.of(List.of(new Slots.Holder(7, 8, leaseMs)), List.of(0));
    return await(store().claim(shard(), one)).deliveries().get(0);
  }

  default List<String> claimedIds(int slots) {
    return claimUpTo(slots).deliveries().stream().map(d -> d.job().id().value()).toList();
  }

  default Canceled cancel(String id, boolean cancelLeased) {
    return await(store().cancel(shard(), List.of(new CancelItem(id(id), cancelLeased)))).get(0);
  }

  default boolean ack(LeaseRef lease) {
    return await(store().ack(shard(), List.of(lease))).get(0);
  }

  default boolean release(LeaseRef lease, Target target, boolean isCounted, String reason) {
    return release(new Release(lease, target, isCounted, reason), false);
  }

  default boolean release(Release release, boolean includingExpired) {
    return await(store().release(shard(), List.of(release), includingExpired)).get(0);
  }

  default long extend(LeaseRef lease, long leaseMs) {
    return await(store().extend(shard(), List.of(new Extension(lease, leaseMs)))).get(0);
  }

  default boolean isLeased(LeaseRef lease) {
    return await(store().leased(shard(), List.of(lease))).get(0).isPresent();
  }

  default JobView read(String id) {
    return await(store().read(shard(), id(id))).orElseThrow();
  }

  default boolean exists(String id) {
    return await(store().read(shard(), id(id))).isPresent();
  }

  default List<String> ids(JobState state) {
    ListQuery all = new ListQuery(state, 0, Long.MAX_VALUE, null, 1_000, false);
    return idsOf(await(store().list(shard(), all)));
  }

  static List<String> idsOf(JobPage page) {
    return page.jobs().stream().map(view -> view.job().id().value()).toList();
  }

  /** The lease with one part of its lease id changed. */
  static List<LeaseRef> forged(LeaseRef lease) {
    LeaseId s = lease.leaseId();
    return List.of(
        new LeaseRef(lease.id(), new LeaseId(s.fence() - 1, s.nonce(), s.replica(), s.watcher())),
        new LeaseRef(lease.id(), new LeaseId(s.fence(), s.nonce() + 1, s.replica(), s.watcher())),
        new LeaseRef(lease.id(), new LeaseId(s.fence(), s.nonce(), s.replica() + 1, s.watcher())),
        new LeaseRef(lease.id(), new LeaseId(s.fence(), s.nonce(), s.replica(), s.watcher() + 1)),
        new LeaseRef(id("another"), s),
        new LeaseRef(lease.id(), new LeaseId(0, 0, 0, 0)));
  }
}
