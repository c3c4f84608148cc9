package dev.dueline.store;

import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.store.call.CancelItem;
import dev.dueline.store.call.Canceled;
import dev.dueline.store.call.Extension;
import dev.dueline.store.call.JobPage;
import dev.dueline.store.call.JobPage.Position;
import dev.dueline.store.call.ListQuery;
import dev.dueline.store.call.Rescheduled;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.due.ClaimedLeases;
import dev.dueline.store.due.ExpiredLeases;
import dev.dueline.store.due.Release;
import dev.dueline.store.due.Release.Target;
import dev.dueline.store.due.Slots;
import java.util.ArrayList;
import java.util.List;

/** One call, or a few that belong together, of a sequence that runs on two stores. */
sealed interface ModelStep permits ModelQueueStep, ModelStep.OnJobs {
  /** Makes the step on one store and tells what came of it, in words that both have in common. */
  String on(ModelSide side);

  /** A step of clients and replicas. */
  sealed interface OnJobs extends ModelStep {}

  /** Stores jobs. */
  record Schedule(List<ScheduleItem> items) implements OnJobs {
    @Override
    public String on(ModelSide side) {
      return side.describe(
          side.store().schedule(side.shard(), items),
          scheduled ->
              scheduled.outcome()
                  + " "
                  + ModelSide.cell(scheduled.dueMs())
                  + " "
                  + scheduled.state());
    }

    @Override
    public String toString() {
      return "Schedule"
          + items.stream()
              .map(
                  item ->
                      "%s %s %s %s"
                          .formatted(
                              ModelSide.request(item.job()),
                              item.onConflict(),
                              item.requestId(),
                              item.deadline()))
              .toList();
    }
  }

  /** Takes jobs back. */
  record Cancel(List<CancelItem> items) implements OnJobs {
    @Override
    public String on(ModelSide side) {
      List<Canceled> verdicts = side.await(side.store().cancel(side.shard(), items));
      List<String> told = new ArrayList<>();
      for (int i = 0; i < items.size(); i++) {
        Canceled verdict = verdicts.get(i);
        told.add(
            verdict.outcome()
                + (verdict.taken() == null
                    ? ""
                    : " " + side.name(new LeaseRef(items.get(i).id(), verdict.taken()))));
      }
      return told.toString();
    }
  }

  /** Moves a job. */
  record Reschedule(JobId id, Due due) implements OnJobs {
    @Override
    public String on(ModelSide side) {
      Rescheduled moved = side.await(side.store().reschedule(side.shard(), id, due));
      return moved.outcome() + " " + ModelSide.cell(moved.dueMs());
    }
  }

  /** Leases due jobs. */
  record Claim(Slots slots) implements OnJobs {
    @Override
    public String on(ModelSide side) {
      var claim = side.await(side.store().claim(side.shard(), slots));
      List<String> deliveries = claim.deliveries().stream().map(side::receive).toList();
      return "next due %s, next expiry %s, dropped %d, %s"
          .formatted(
              ModelSide.cell(claim.nextDueMs()),
              ModelSide.cell(claim.nextExpiryMs()),
              claim.dropped(),
              deliveries);
    }
  }

  /** Ends leases as done. */
  record Ack(List<LeasePick> picks) implements OnJobs {
    @Override
    public String on(ModelSide side) {
      return side.describe(side.store().ack(side.shard(), side.pick(picks)), Object::toString);
    }
  }

  /** Ends leases without an Ack. */
  record Released(List<LeasePick> picks, Ending ending, boolean includingExpired)
      implements OnJobs {
    @Override
    public String on(ModelSide side) {
      List<Release> releases = side.pick(picks).stream().map(ending::of).toList();
      return side.describe(
          side.store().release(side.shard(), releases, includingExpired), Object::toString);
    }
  }

  /** How leases end. */
  record Ending(Target target, boolean isCounted, String reason) {
    Release of(LeaseRef lease) {
      return new Release(lease, target, isCounted, reason);
    }
  }

  /** Makes leases end later. */
  record Extend(List<LeasePick> picks, long leaseMs) implements OnJobs {
    @Override
    public String on(ModelSide side) {
      List<Extension> extensions =
          side.pick(picks).stream().map(lease -> new Extension(lease, leaseMs)).toList();
      return side.describe(side.store().extend(side.shard(), extensions), ModelSide::cell);
    }
  }

  /** Ends what is over. */
  record Expire(int most) implements OnJobs {
    @Override
    public String on(ModelSide side) {
      ExpiredLeases expired = side.await(side.store().expire(side.shard(), most));
      return "%s, dropped %d, next expiry %s"
          .formatted(
              expired.leases().stream().map(side::name).toList(),
              expired.dropped(),
              ModelSide.cell(expired.nextExpiryMs()));
    }
  }

  /** Reads the jobs of leases. */
  record ReadLeased(List<LeasePick> picks) implements OnJobs {
    @Override
    public String on(ModelSide side) {
      return side.describe(
          side.store().leased(side.shard(), side.pick(picks)),
          job -> job.map(side::leased).orElse("lost"));
    }
  }

  /** Looks for leases that the claims of some leases gave. */
  record Claimed(List<LeasePick> picks) implements OnJobs {
    @Override
    public String on(ModelSide side) {
      List<Long> nonces = side.pick(picks).stream().map(lease -> lease.leaseId().nonce()).toList();
      ClaimedLeases found =
          side.await(side.store().claimed(side.shard(), nonces, ClaimedLeases.BEGIN));
      return found.leases().stream().map(side::name).sorted().toList().toString();
    }
  }

  /** Makes a whole pass of a sweep, which repairs nothing. */
  record Sweep() implements OnJobs {
    private static final int MOST_STEPS = 100;

    @Override
    public String on(ModelSide side) {
      for (int i = 0; i < MOST_STEPS; i++) {
        SweepStep step = side.await(side.store().sweep(side.shard(), new SweepStep.Pace(0, 0, 0)));
        if (step.isComplete() || !step.repaired().isEmpty()) {
          return "repaired " + step.repaired();
        }
      }
      return "not complete";
    }
  }

  /** Reads one job. */
  record Read(JobId id) implements OnJobs {
    @Override
    public String on(ModelSide side) {
      return side.await(side.store().read(side.shard(), id)).map(ModelSide::view).orElse("none");
    }
  }

  /** Reads all pages of a list. */
  record ListAll(JobState state, long fromMs, long toMs, int size, boolean withPayload)
      implements OnJobs {
    @Override
    public String on(ModelSide side) {
      List<String> jobs = new ArrayList<>();
      Position after = null;
      JobPage page;
      do {
        ListQuery query = new ListQuery(state, fromMs, toMs, after, size, withPayload);
        page = side.await(side.store().list(side.shard(), query));
        page.jobs().forEach(view -> jobs.add(ModelSide.view(view)));
        jobs.add("|");
        after = page.hasMore() ? Position.of(page.jobs().get(page.jobs().size() - 1)) : null;
      } while (page.hasMore());
      return jobs.toString();
    }
  }

  /**
   * One of the leases handed out so far.
   *
   * @param back counted from the last
   */
  record LeasePick(int back, Twist twist) {}

  /** What is wrong with a lease. */
  enum Twist {
    NOTHING,
    FENCE,
    NONCE,
    WATCHER,
    ID
  }
}
