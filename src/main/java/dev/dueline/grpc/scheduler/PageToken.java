package dev.dueline.grpc.scheduler;

import dev.dueline.grpc.message.JobStates;
import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.store.call.JobPage.Position;
import dev.dueline.v1.ListJobsRequest;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Where the last page of a list ended: version, time, checksum, id. The checksum covers the list
 * too (queue, state and bounds), so that a token is good for the pages of its own list only.
 */
final class PageToken {
  private static final byte VERSION = 1;
  private static final int HEAD_BYTES = 1 + Long.BYTES + Integer.BYTES;

  /** No token is longer, in characters. */
  private static final int MAX_LENGTH = 4 * (HEAD_BYTES + JobId.MAX_BYTES + 2) / 3;

  private PageToken() {}

  static String encode(ListJobsRequest list, Position end) {
    byte[] id = end.id().bytes();
    ByteBuffer token = ByteBuffer.allocate(HEAD_BYTES + id.length);
    token.put(VERSION).putLong(end.ms()).putInt(checksum(list, end)).put(id);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(token.array());
  }

  /** Reads a token; empty if it is not one of this list. */
  static Optional<Position> decode(ListJobsRequest list, String text) {
    if (text.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    try {
      ByteBuffer token = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
      byte version = token.get();
      long ms = token.getLong();
      int checksum = token.getInt();
      JobId id = new JobId(StandardCharsets.UTF_8.decode(token).toString());
      Position end = new Position(ms, id);
      return version == VERSION && checksum == checksum(list, end)
          ? Optional.of(end)
          : Optional.empty();
    } catch (IllegalArgumentException | BufferUnderflowException e) {
      return Optional.empty();
    }
  }

  private static int checksum(ListJobsRequest list, Position end) {
    JobState state = JobStates.of(list.getState());
    String covered =
        list.getQueue()
            + '\n'
            + state
            + '\n'
            + list.getStartTime()
            + '\n'
            + list.getEndTime()
            + '\n'
            + end.ms()
            + '\n'
            + end.id();
    CRC32C checksum = new CRC32C();
    checksum.update(covered.getBytes(StandardCharsets.UTF_8));
    return (int) checksum.getValue();
  }
}
