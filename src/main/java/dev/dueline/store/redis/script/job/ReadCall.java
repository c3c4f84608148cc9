package dev.dueline.store.redis.script.job;

import dev.dueline.job.Coded;
import dev.dueline.job.Failures;
import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.JobView;
import dev.dueline.job.Shard;
import dev.dueline.job.StoredJob;
import dev.dueline.store.redis.layout.DeliveryRecord;
import dev.dueline.store.redis.layout.RecordCodec;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ShardCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads jobs; fewer than asked for where they are large, but always the first. */
public record ReadCall(Shard shard, boolean withPayload, int maxBytes, List<JobId> ids)
    implements ShardCall<ReadCall.Read> {
  /**
   * Jobs as they stand.
   *
   * @param nowMs the store's clock
   */
  public record Read(long nowMs, List<Optional<JobView>> jobs) {
    /** The first job. */
    public Optional<JobView> first() {
      return jobs.get(0);
    }

    /** Whether the first job is over, and was not ended yet. */
    public boolean isFirstOver() {
      return first().filter(job -> job.isOver(nowMs)).isPresent();
    }
  }

  @Override
  public Script script() {
    return Script.READ;
  }

  @Override
  public void addTo(Arguments arguments) {
    arguments.add(withPayload).add(maxBytes);
    ids.forEach(arguments::add);
  }

  @Override
  public Read read(Reply reply) {
    List<Optional<JobView>> views = new ArrayList<>();
    while (reply.hasMore()) {
      views.add(view(ids.get(views.size()), reply));
    }
    return new Read(reply.nowMs(), views);
  }

  private static Optional<JobView> view(JobId id, Reply reply) {
    int code = (int) reply.number();
    long score = reply.number();
    int failed = (int) reply.number();
    long deliveryDue = reply.number();
    Failures failures = DeliveryRecord.failures(reply.bytes());
    byte[] record = reply.bytes();
    if (code == 0) {
      return Optional.empty();
    }
    StoredJob job = RecordCodec.decode(id, record);
    JobState state = Coded.of(JobState.values(), code);
    long due =
        switch (state) {
          case PENDING -> score;
          case LEASED, DEAD -> deliveryDue < 0 ? job.dueMs() : deliveryDue;
        };
    return Optional.of(new JobView(job, state, due, score, failed, failures));
  }
}
