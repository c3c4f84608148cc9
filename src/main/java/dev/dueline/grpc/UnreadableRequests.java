package dev.dueline.grpc;

import com.google.protobuf.Message;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.StatusRuntimeException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Has requests that cannot be parsed come as a message that says so. Without it, gRPC answers them
 * with UNKNOWN and logs a stack trace for each, past all interceptors.
 */
final class UnreadableRequests {
  private UnreadableRequests() {}

  /** The same service, whose requests may be unreadable. */
  static ServerServiceDefinition marked(ServerServiceDefinition service) {
    List<ServerMethodDefinition<?, ?>> methods = new ArrayList<>();
    service.getMethods().forEach(method -> methods.add(marked(method)));
    ServiceDescriptor.Builder descriptor =
        ServiceDescriptor.newBuilder(service.getServiceDescriptor().getName())
            .setSchemaDescriptor(service.getServiceDescriptor().getSchemaDescriptor());
    methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
    ServerServiceDefinition.Builder marked = ServerServiceDefinition.builder(descriptor.build());
    methods.forEach(marked::addMethod);
    return marked.build();
  }

  /** Whether a call got a request that could not be parsed. */
  static boolean isUnreadable(ServerCall<?, ?> call, Object request) {
    return call.getMethodDescriptor().getRequestMarshaller() instanceof Marking<?> marking
        && marking.unreadable == request;
  }

  /** A listener that lets readable requests through, and ends the call at the first other. */
  static <Q> ServerCall.Listener<Q> refusing(
      ServerCall<Q, ?> call, ServerCall.Listener<Q> listener) {
    return new SimpleForwardingServerCallListener<>(listener) {
      private boolean isRefused;

      @Override
      public void onMessage(Q message) {
        if (isRefused) {
          return;
        }
        if (isUnreadable(call, message)) {
          isRefused = true;
          AccessControl.close(call, AccessFailures.unreadable());
        } else {
          super.onMessage(message);
        }
      }

      @Override
      public void onHalfClose() {
        if (!isRefused) {
          super.onHalfClose();
        }
      }
    };
  }

  private static <Q, R> ServerMethodDefinition<Q, R> marked(ServerMethodDefinition<Q, R> method) {
    MethodDescriptor<Q, R> plain = method.getMethodDescriptor();
    MethodDescriptor<Q, R> marked =
        plain.toBuilder(new Marking<>(plain.getRequestMarshaller()), plain.getResponseMarshaller())
            .build();
    return ServerMethodDefinition.create(marked, method.getServerCallHandler());
  }

  /** Parses, or gives the one message that stands for what it could not. */
  private static final class Marking<Q> implements MethodDescriptor.PrototypeMarshaller<Q> {
    private final MethodDescriptor.PrototypeMarshaller<Q> plain;
    private final Q unreadable;

    @SuppressWarnings("unchecked")
    Marking(Marshaller<Q> plain) {
      this.plain = (MethodDescriptor.PrototypeMarshaller<Q>) plain;
      Message prototype = (Message) this.plain.getMessagePrototype();
      // Equal to an empty request, and yet another object: it is known by that.
      this.unreadable = (Q) prototype.newBuilderForType().build();
    }

    @Override
    public Q parse(InputStream stream) {
      try {
        return plain.parse(stream);
      } catch (StatusRuntimeException e) {
        return unreadable;
      }
    }

    @Override
    public InputStream stream(Q value) {
      return plain.stream(value);
    }

    @Override
    public Q getMessagePrototype() {
      return plain.getMessagePrototype();
    }

    @Override
    public Class<Q> getMessageClass() {
      return plain.getMessageClass();
    }
  }
}
