package dev.dueline.grpc.failure;

import static dev.dueline.grpc.failure.GrpcFailures.retryAfter;

import dev.dueline.access.Permission;
import dev.dueline.access.Principal;
import dev.dueline.delivery.limit.TooManyShardsException;
import dev.dueline.grpc.connection.Excess;

/** What callers are told whose calls are not let in. None tells whether a job or queue exists. */
public final class AccessFailures {
  /** A watcher of the same principal has to go first. */
  private static final long WATCHER_RETRY_MS = 5_000;

  /** Calls of others have to end first. */
  private static final long CALL_RETRY_MS = 1_000;

  private AccessFailures() {}

  public static Failure unauthenticated() {
    return Failure.of(
        Reason.UNAUTHENTICATED,
        "Send the header 'authorization: Bearer TOKEN' with a token that is valid here, or connect"
            + " with a client certificate that names a principal.");
  }

  public static Failure denied(Principal principal, Permission permission, String queue) {
    return Failure.of(
            Reason.PERMISSION_DENIED,
            "You may not "
                + permission.word()
                + " in this queue: ask whoever runs the service to add the queue to '"
                + permission.word()
                + "' of your principal.")
        .about("permission", permission.word())
        .about("principal", ascii(principal.name()))
        .about("queue", queue);
  }

  public static Failure deniedEverywhere(Principal principal, Permission permission) {
    return Failure.of(
            Reason.PERMISSION_DENIED,
            "You may not "
                + permission.word()
                + " in any queue: ask whoever runs the service to add queues to '"
                + permission.word()
                + "' of your principal.")
        .about("permission", permission.word())
        .about("principal", ascii(principal.name()));
  }

  public static Failure notYourWatch(Principal principal) {
    return Failure.of(
            Reason.PERMISSION_DENIED, "You may not stop a watch that another principal began.")
        .about("permission", Permission.WATCH.word())
        .about("principal", ascii(principal.name()));
  }

  public static Failure unknownMethod(String method) {
    return Failure.of(
            Reason.UNKNOWN_METHOD,
            "There is no such method here: compare the contract that you call by with this"
                + " server's.")
        .about("method", ascii(method));
  }

  /** Nothing was done, so the call may be made again. */
  public static Failure messageTimeout() {
    return Failure.of(
            Reason.MESSAGE_TIMEOUT,
            "The request did not end in the time that a message may take"
                + " (dueline.limits.message-timeout), and nothing was done: send it again, in"
                + " smaller parts over a slow network.")
        .with(retryAfter(CALL_RETRY_MS));
  }

  /** The answer is dropped: sending it later would mean to keep it until the peer reads. */
  public static Failure answersUnread() {
    return Failure.of(
            Reason.ANSWERS_UNREAD,
            "More answers wait on this connection than dueline.limits.message-bytes-per-connection:"
                + " read them faster, or ask for less at once.")
        .with(retryAfter(CALL_RETRY_MS));
  }

  /** Nothing was done, so the call may be made again. */
  public static Failure connectionEnds() {
    return Failure.of(
            Reason.OVERLOADED,
            "The server ends this connection for what else was sent on it, and nothing was done:"
                + " make the call again.")
        .with(retryAfter(CALL_RETRY_MS));
  }

  public static Failure tooManyCalls(Excess excess) {
    String where =
        switch (excess) {
          case CALLS_OF_CONNECTION ->
              "on this connection (dueline.limits.calls-per-connection): use more connections";
          case CALLS_OF_ADDRESS ->
              "from your address (dueline.limits.calls-per-address): end some of them";
          case CALLS -> "at this replica (dueline.limits.calls): try another";
          case ANONYMOUS_CALLS ->
              "that need no credentials (dueline.limits.anonymous-calls,"
                  + " .anonymous-calls-per-address, .anonymous-calls-per-connection): end some of"
                  + " them";
        };
    return Failure.of(
            Reason.TOO_MANY_CALLS, "There are as many calls in progress as may be " + where + ".")
        .with(retryAfter(CALL_RETRY_MS));
  }

  /** gRPC would keep the first to the end of the call. */
  public static Failure secondMessage() {
    return Failure.of(
        Reason.UNREADABLE_REQUEST, "This method takes one message, and the request has more.");
  }

  /** Of one that is read already, and is not kept. */
  public static Failure tooMuchAtOnce() {
    return Failure.of(
            Reason.TOO_MANY_CALLS,
            "The requests in progress on this connection are larger than"
                + " dueline.limits.message-bytes-per-connection together: wait for some to finish.")
        .with(retryAfter(CALL_RETRY_MS));
  }

  public static Failure tooManyActivityWatches(int most) {
    return Failure.of(
            Reason.TOO_MANY_CALLS,
            "There are as many calls of StreamIsActive in progress as may be at this replica, "
                + most
                + ": try another.")
        .with(retryAfter(CALL_RETRY_MS));
  }

  public static Failure tooFast(Principal principal, long waitMs) {
    return Failure.of(
            Reason.RATE_EXCEEDED,
            "You make more than the "
                + principal.callsPerSecond()
                + " calls a second that your principal may: wait, and put more into each call.")
        .about("principal", ascii(principal.name()))
        .with(retryAfter(waitMs));
  }

  public static Failure tooManyWatchers(Principal principal) {
    return Failure.of(
            Reason.TOO_MANY_WATCHERS,
            "You have as many watchers, pulls that wait and calls of StreamIsActive at this replica"
                + " as your principal may, which is "
                + principal.maxWatchers()
                + ": end one, or watch several queues with one.")
        .about("principal", ascii(principal.name()))
        .with(retryAfter(WATCHER_RETRY_MS));
  }

  /** Where they are those of all, another replica may have room. */
  public static Failure tooManyWatchedShards(TooManyShardsException shards) {
    String who = shards.isOfOwner() ? "your principal may have" : "this replica may have in all";
    String what =
        shards.isOfOwner()
            ? " (dueline.limits.watched-shards-per-principal): watch fewer, or end another watch."
            : " (dueline.limits.watched-shards): try another replica.";
    return Failure.of(
            Reason.TOO_MANY_WATCHERS,
            "With these queues more shards would be watched at this replica than the "
                + shards.most()
                + " that "
                + who
                + what)
        .about("watched_shards", Integer.toString(shards.most()))
        .with(retryAfter(WATCHER_RETRY_MS));
  }

  /** Names of others' making, short and printable. */
  private static String ascii(String text) {
    String shown = text.length() <= 128 ? text : text.substring(0, 128);
    return shown.replaceAll("[^ -~]", "?");
  }
}
