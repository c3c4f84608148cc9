package dev.dueline.grpc.call;

import dev.dueline.grpc.connection.Connection;
import dev.dueline.grpc.failure.AccessFailures;
import io.grpc.HandlerRegistry;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Answers calls of methods that do not exist with error details; gRPC itself would answer them past
 * all interceptors. Nobody asks who makes them, so they count as calls without credentials.
 */
public final class UnknownMethods extends HandlerRegistry {
  private static final MethodDescriptor.Marshaller<InputStream> UNREAD =
      new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(InputStream value) {
          return value;
        }

        @Override
        public InputStream parse(InputStream stream) {
          return new ByteArrayInputStream(new byte[0]);
        }
      };

  @Override
  public ServerMethodDefinition<?, ?> lookupMethod(String name, @Nullable String authority) {
    MethodDescriptor<InputStream, InputStream> method =
        MethodDescriptor.newBuilder(UNREAD, UNREAD)
            .setType(MethodDescriptor.MethodType.UNKNOWN)
            .setFullMethodName(name)
            .build();
    return ServerMethodDefinition.create(
        method,
        (call, headers) -> {
          AccessFailures.unknownMethod(name).close(call);
          Connection connection = Connection.of(call.getAttributes());
          // A newer client may call what is not here yet, among calls that it may make.
          if (connection != null && !connection.isKnown()) {
            connection.failedAuthentication();
          }
          return new ServerCall.Listener<>() {};
        });
  }
}
