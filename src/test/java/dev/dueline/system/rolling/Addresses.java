package dev.dueline.system.rolling;

import static java.util.Objects.requireNonNull;

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
import org.jspecify.annotations.Nullable;

/** Resolves one name to the replicas that there are, as a headless Service does. */
final class Addresses extends NameResolverProvider {
  private static final String SCHEME = "rolling";

  private final Deployment deployment;

  private Addresses(Deployment deployment) {
    this.deployment = deployment;
  }

  /** A channel to all of them that follows the service config in that file. */
  static ManagedChannel channel(Deployment deployment, Path config) {
    NameResolverRegistry registry = NameResolverRegistry.getDefaultRegistry();
    Addresses addresses = new Addresses(deployment);
    registry.register(addresses);
    return NettyChannelBuilder.forTarget(SCHEME + ":///replicas")
        .usePlaintext()
        .defaultServiceConfig(read(config))
        .enableRetry()
        .build();
  }

  private List<EquivalentAddressGroup> replicas() {
    return deployment.addresses().stream()
        .map(address -> new InetSocketAddress(address, deployment.port()))
        .map(EquivalentAddressGroup::new)
        .toList();
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
      private @Nullable Listener2 listener;

      @Override
      public String getServiceAuthority() {
        return "localhost";
      }

      @Override
      public void start(Listener2 listener) {
        this.listener = listener;
        refresh();
      }

      /** Asked for when a connection ends. */
      @Override
      public void refresh() {
        requireNonNull(listener)
            .onResult(
                ResolutionResult.newBuilder()
                    .setAddressesOrError(StatusOr.fromValue(replicas()))
                    .build());
      }

      @Override
      public void shutdown() {}
    };
  }
}
