package dev.dueline.ops;

import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.quarkus.runtime.annotations.RegisterForReflection;

/** The details of failures: {@code Any} packs and unpacks by reflection, in a native image too. */
@RegisterForReflection(targets = {BadRequest.class, ErrorInfo.class, RetryInfo.class})
final class ReflectedMessages {
  private ReflectedMessages() {}
}
