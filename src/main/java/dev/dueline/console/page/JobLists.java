package dev.dueline.console.page;

import dev.dueline.console.http.Parameters;
import dev.dueline.console.http.RefusedException;
import dev.dueline.console.input.Inputs;
import dev.dueline.console.text.Urls;
import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.store.call.JobPage;
import dev.dueline.store.call.JobPage.Position;
import dev.dueline.store.call.ListQuery;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Pages of lists of jobs: each begins behind the last job of the one before. */
final class JobLists {
  private static final int SIZE = 100;

  private JobLists() {}

  /** What a page asks for, without payloads. */
  static ListQuery query(Parameters query, JobState state) {
    String from = query.get("from");
    String to = query.get("to");
    return new ListQuery(
        state,
        from.isEmpty() ? 0 : Inputs.timeMs("from", from),
        to.isEmpty() ? Long.MAX_VALUE : Inputs.timeMs("to", to),
        after(query.get("after")),
        SIZE,
        false);
  }

  static JobState state(Parameters query) {
    String word = query.get("state");
    for (JobState state : JobState.values()) {
      if (Rows.word(state).equals(word.toLowerCase(Locale.ROOT))) {
        return state;
      }
    }
    return JobState.PENDING;
  }

  /** The URL of the page behind one; null: there is none. */
  static @Nullable String next(String path, Parameters query, JobPage page, String... fields) {
    Position end = page.end();
    if (!page.hasMore() || end == null) {
      return null;
    }
    byte[] id = end.id().bytes();
    String after =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(
                ByteBuffer.allocate(Long.BYTES + id.length).putLong(end.ms()).put(id).array());
    String[] all = new String[fields.length + 6];
    System.arraycopy(fields, 0, all, 0, fields.length);
    String[] own = {"from", query.get("from"), "to", query.get("to"), "after", after};
    System.arraycopy(own, 0, all, fields.length, own.length);
    return Urls.of(path, all);
  }

  private static @Nullable Position after(String text) {
    if (text.isEmpty()) {
      return null;
    }
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
      long ms = bytes.getLong();
      return new Position(ms, new JobId(StandardCharsets.UTF_8.decode(bytes).toString()));
    } catch (IllegalArgumentException | BufferUnderflowException e) {
      throw new RefusedException(400, "This address is malformed.", "Start from the first page.");
    }
  }
}
