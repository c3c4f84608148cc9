package dev.dueline.operation.queue;

import dev.dueline.access.NameRange;
import dev.dueline.access.QueuePatterns;
import dev.dueline.job.QueueName;
import dev.dueline.store.queue.QueueDirectory;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Collects the names of one page: goes through the ranges in which a caller's patterns can fit, and
 * no others, until it has what was asked for or has looked at enough. Used once, by one call.
 */
final class QueueWalk {
  /** Names that a call looks at, and ranges, before it answers with what it has. */
  static final int MAX_LOOKED_AT = 10_000;

  /** Names read at once, where patterns left out some. */
  private static final int STEP = 1_000;

  private final QueueDirectory directory;
  private final QueuePatterns patterns;
  private final List<NameRange> ranges;
  private final int size;
  private final List<QueueName> found = new ArrayList<>();

  /** Where the page would end now. */
  private QueuePlace place;

  /** The last name that was looked at, in the range that {@code next} is. */
  private String last;

  private int next;
  private int looked;

  /**
   * A walk that has not begun.
   *
   * @param size names on a page
   * @param from where the page before it ended
   */
  QueueWalk(
      QueueDirectory directory, QueuePatterns patterns, String prefix, int size, QueuePlace from) {
    this.directory = directory;
    this.patterns = patterns;
    this.ranges = patterns.ranges(prefix);
    this.size = size;
    this.place = from;
    this.last = from.after();
    while (next < ranges.size() && ranges.get(next).end().compareTo(last) <= 0) {
      next++;
    }
    if (next == ranges.size() || ranges.get(next).prefix().compareTo(last) > 0) {
      place = new QueuePlace(last, 0);
    }
  }

  /**
   * The names of a page, and where the next one begins; none behind the last. A page may have few
   * names, or none, although there are more behind it.
   */
  record Page(List<QueueName> names, Optional<QueuePlace> next) {}

  /** Walks. */
  Uni<Page> page() {
    return Multi.createBy()
        .repeating()
        .uni(this::step)
        .whilst(goesOn -> goesOn)
        .onItem()
        .ignoreAsUni()
        .map(done -> result());
  }

  /** Looks at a few names more; says whether to go on. */
  private Uni<Boolean> step() {
    if (isOver()) {
      return Uni.createFrom().item(false);
    }
    NameRange range = ranges.get(next);
    return range.isOne() ? singles() : part(range);
  }

  /** The names that patterns without a star say, as far as one follows the other. */
  private Uni<Boolean> singles() {
    List<QueueName> names =
        ranges.subList(next, Math.min(next + STEP, ranges.size())).stream()
            .takeWhile(NameRange::isOne)
            .limit(size + 1 - found.size())
            .map(range -> new QueueName(range.prefix()))
            .toList();
    return directory
        .layouts(names)
        .map(
            there -> {
              Set<QueueName> existing = new HashSet<>(there.failed().keySet());
              there.layouts().forEach(layout -> existing.add(layout.queue()));
              names.stream().filter(existing::contains).forEach(found::add);
              names.forEach(name -> leave(ranges.get(next)));
              return !isOver();
            });
  }

  private Uni<Boolean> part(NameRange range) {
    int most = looked == found.size() ? size + 1 - looked : STEP;
    int skip = last.equals(place.after()) ? place.skip() : 0;
    return directory
        .names(range.prefix(), last, skip, most)
        .map(
            names -> {
              look(range, names);
              if (names.size() < most && found.size() <= size) {
                leave(range);
              }
              return !isOver();
            });
  }

  private boolean isOver() {
    return next == ranges.size() || found.size() > size || looked >= MAX_LOOKED_AT;
  }

  /** Stops behind the name after the page: it shows that there is one. */
  private void look(NameRange range, List<QueueName> names) {
    if (!names.isEmpty() && place.after().compareTo(range.prefix()) < 0) {
      place = new QueuePlace(range.prefix(), 0);
    }
    for (QueueName name : names) {
      looked++;
      last = name.value();
      if (patterns.fit(last)) {
        found.add(name);
        if (found.size() > size) {
          return;
        }
        place = new QueuePlace(last, 0);
      } else if (!last.equals(range.prefix())) {
        place = new QueuePlace(place.after(), place.skip() + 1);
      }
    }
  }

  private void leave(NameRange range) {
    looked++;
    next++;
    last = range.end();
    place = new QueuePlace(last, 0);
  }

  private Page result() {
    if (found.size() > size) {
      List<QueueName> names = List.copyOf(found.subList(0, size));
      return new Page(names, Optional.of(new QueuePlace(names.get(size - 1).value(), 0)));
    }
    return new Page(
        List.copyOf(found), next == ranges.size() ? Optional.empty() : Optional.of(place));
  }
}
