package dev.dueline.system.rolling;

import com.google.gson.Gson;
import io.grpc.EquivalentAddressGroup;
import io.grpc.ManagedChannel;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.NameResolverRegistry;
import io.grpc.StatusOr;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Resolves one name to all replicas, as a headless Service does. */
final class Addresses extends NameResolverProvider {
  private static final String SCHEME = "rolling";

  private final List<EquivalentAddressGroup> replicas;

  private Addresses(List<Integer> ports) {
    replicas =
        ports.stream()
            .map(port -> new EquivalentAddressGroup(new InetSocketAddress("127.0.0.1", port)))
            .toList();
  }

  /** A channel to all of them that follows the service config in that file. */
  static ManagedChannel channel(List<Integer> ports, Path config) {
    NameResolverRegistry registry = NameResolverRegistry.getDefaultRegistry();
    Addresses addresses = new Addresses(ports);
    registry.register(addresses);
    return NettyChannelBuilder.forTarget(SCHEME + ":///replicas")
        .usePlaintext()
        .defaultServiceConfig(read(config))
        .enableRetry()
        .build();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, ?> read(Path config) {
    try {
      return new Gson().fromJson(Files.readString(config), Map.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected boolean isAvailable() {
    return true;
  }

  @Override
  protected int priority() {
    return 5;
  }

  @Override
  public String getDefaultScheme() {
    return SCHEME;
  }

  @Override
  public Collection<Class<? extends SocketAddress>> getProducedSocketAddressTypes() {
    return Set.of(InetSocketAddress.class);
  }

  @Override
  public NameResolver newNameResolver(URI target, NameResolver.Args args) {
    return new NameResolver() {
      @Override
      public String getServiceAuthority() {
        return "localhost";
      }

      @Override
      public void start(Listener2 listener) {
        listener.onResult(
            ResolutionResult.newBuilder()
                .setAddressesOrError(StatusOr.fromValue(replicas))
                .build());
      }

      @Override
      public void shutdown() {}
    };
  }
}
