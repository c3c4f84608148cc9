package dev.dueline.store.redis.script.queue;

import dev.dueline.job.Shard;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.store.queue.Upcoming;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ShardCall;
import java.util.Optional;

/** Tells what time brings next in a shard, and which leases are out. */
public record NextCall(Shard shard, int most) implements ShardCall<Upcoming> {
  @Override
  public Script script() {
    return Script.NEXT;
  }

  @Override
  public void addTo(Arguments arguments) {
    arguments.add(most);
  }

  @Override
  public Upcoming read(Reply reply) {
    return new Upcoming(
        reply.number(),
        reply.number(),
        reply.flag(),
        reply.timeMs(),
        reply.timeMs(),
        reply.number(),
        reply.flag(),
        reply.readableRows(() -> out(reply.leaseIfReadable(), reply.number())));
  }

  private static Optional<Upcoming.Out> out(Optional<LeaseRef> found, long number) {
    return found.map(lease -> new Upcoming.Out(lease, number));
  }
}
