package dev.dueline.system.abuse.gauge;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.net.SocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The connections over which a client's calls were answered. Thread-safe. */
public final class SeenConnections implements ClientInterceptor {
  private final Set<SocketAddress> addresses = ConcurrentHashMap.newKeySet();

  /** The client's end of each. */
  public Set<SocketAddress> addresses() {
    return Set.copyOf(addresses);
  }

  @Override
  public <Q, R> ClientCall<Q, R> interceptCall(
      MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void start(Listener<R> listener, Metadata headers) {
        super.start(
            new SimpleForwardingClientCallListener<>(listener) {
              @Override
              public void onHeaders(Metadata answer) {
                SocketAddress local = getAttributes().get(Grpc.TRANSPORT_ATTR_LOCAL_ADDR);
                if (local != null) {
                  addresses.add(local);
                }
                super.onHeaders(answer);
              }
            },
            headers);
      }
    };
  }
}
