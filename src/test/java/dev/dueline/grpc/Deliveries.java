package dev.dueline.grpc;

import dev.dueline.job.Failures;
import dev.dueline.job.JobId;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.job.StoredJob;
import dev.dueline.job.lease.Delivery;
import dev.dueline.job.lease.LeaseId;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.job.lease.LeaseToken;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Deliveries for tests. */
public final class Deliveries {
  private Deliveries() {}

  public static Delivery of(String id, int payloadBytes) {
    JobId job = new JobId(id);
    LeaseId leaseId = new LeaseId(id.hashCode(), 2, TestService.REPLICA, 1);
    return new Delivery(
        new LeaseToken(new Shard(new QueueName("q"), 0), new LeaseRef(job, leaseId)),
        new StoredJob(job, 1_000, 500, 0, null, new TreeMap<>(), new byte[payloadBytes]),
        2_000,
        2_003,
        32_003,
        2,
        new Failures("busy", "no route", 1_500));
  }

  public static List<Delivery> of(int count, int payloadBytes) {
    return IntStream.range(0, count).mapToObj(i -> of("j" + i, payloadBytes)).toList();
  }
}
