package dev.dueline.grpc.call;

import dev.dueline.access.Principal;
import io.grpc.Context;

/** Binds the principal of a call to the call's context. */
public final class Caller {
  private static final Context.Key<Principal> KEY =
      Context.keyWithDefault("dueline-principal", Principal.ANYBODY);

  private Caller() {}

  /**
   * The principal of the call that the current thread begins; {@link Principal#ANYBODY} outside of
   * a call.
   */
  public static Principal current() {
    return KEY.get();
  }

  /** The current context, with this principal. */
  static Context context(Principal principal) {
    return Context.current().withValue(KEY, principal);
  }
}
