/**
 * How everything lies in Redis: keys (see the package above), packed ids, and the bytes of records.
 *
 * <p>A record, of which {@code schedule.lua} writes what comes before the flags, and Java the rest.
 * Numbers are big-endian, times ms.
 *
 * <pre>
 * at  bytes  field
 *  0      1  layout, {@link dev.dueline.store.redis.layout.RecordLayout#NUMBER}
 *  1      6  due time
 *  7      6  time of creation
 * 13      1  flags: 1 the due time was given as a delay, 2 the rule gave it, and a flag for each
 *            section: 4 ttl, 8 series, 16 trace, 32 policy, 64 attributes, 128 none yet
 * 14      6  due time, or delay, as given
 * 20         the sections that the flags name, in the order of the flags, each behind its length
 *            the payload, to the end
 *
 * length     1 byte; or 255 and then 4 bytes. A reader skips a section that it does not know
 * text       its length, then UTF-8
 *
 * ttl        ms, without zeros in front: 1 to 6 bytes
 * series     runs completed 6, died 6, missed 6 | kind 1: 1 cron, 2 interval | end ms 6
 *            | most runs 8 | missed runs 1 | cron: expression text, zone text
 *                                          | interval: ms, without zeros in front
 * trace      trace id 16 | span id 8 | flags 1, left out if sampled, 01
 * policy     attempts 4 | first backoff ms 8 | longest backoff ms 8 | multiplier, jitter: double 8
 * attributes texts: name, value, in the order of the names
 * </pre>
 *
 * <p>From the flags on a record is the request as it was given, but for the runs of a series. A
 * record of another layout, or cut short, is unreadable: it stays in its index, or goes to dead,
 * until it is replaced. A version reads what the one before it wrote, from layout 3 on.
 *
 * <p>A delivery, which scripts alone write and read:
 *
 * <pre>
 *  0      4  failed attempts; the highest bit: the job is leased and recurs
 *  4      6  due time of the delivery
 * 10     28  lease id: fence 8 | nonce 8 | replica 8 | watcher 4; zero: no lease; zero but for its
 *            fence: nobody's, since the ttl of a run has passed, and the next one is to be set
 * 38         last failure, UTF-8
 *         1  where an attempt failed: 254 the first failure is the last one, 255 another
 *         6  when that attempt ended
 *            after 255: first failure, UTF-8
 * </pre>
 *
 * <p>Neither of these bytes occurs in UTF-8. Where an attempt failed, and neither is there, the
 * version before kept the failure: it writes and knows the last one only.
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.store.redis.layout;
