package dev.dueline.client;

import io.grpc.Attributes;
import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.NameResolverRegistry;
import io.grpc.Status;
import io.grpc.StatusOr;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Resolves {@code dueline:///host:port,host:port} to all addresses of all hosts. gRPC's own
 * resolver takes one name.
 */
final class ServerList extends NameResolver {
  private static final String SCHEME = "dueline";

  static {
    NameResolverRegistry.getDefaultRegistry().register(new Provider());
  }

  private final List<ServerAddress> servers;
  private final Executor executor;
  private @Nullable Listener2 listener;

  private ServerList(List<ServerAddress> servers, Executor executor) {
    this.servers = servers;
    this.executor = executor;
  }

  /** What a channel is made for to reach all of these. */
  static String target(List<ServerAddress> servers) {
    return servers.stream()
        .map(ServerAddress::toString)
        .collect(Collectors.joining(",", SCHEME + ":///", ""));
  }

  @Override
  public String getServiceAuthority() {
    return servers.get(0).toString();
  }

  @Override
  public void start(Listener2 told) {
    listener = told;
    refresh();
  }

  @Override
  public void refresh() {
    Listener2 told = listener;
    if (told != null) {
      executor.execute(() -> told.onResult(resolve()));
    }
  }

  private ResolutionResult resolve() {
    List<EquivalentAddressGroup> addresses = new ArrayList<>();
    String unknown = "";
    for (ServerAddress server : servers) {
      // TLS is for the name that was given, whichever server of the list it is.
      Attributes name =
          Attributes.newBuilder()
              .set(EquivalentAddressGroup.ATTR_AUTHORITY_OVERRIDE, server.toString())
              .build();
      try {
        for (InetAddress address : InetAddress.getAllByName(server.host())) {
          addresses.add(
              new EquivalentAddressGroup(new InetSocketAddress(address, server.port()), name));
        }
      } catch (UnknownHostException e) {
        unknown = "unknown host " + server.host();
      }
    }
    return ResolutionResult.newBuilder()
        .setAddressesOrError(
            addresses.isEmpty()
                ? StatusOr.fromStatus(Status.UNAVAILABLE.withDescription(unknown))
                : StatusOr.fromValue(addresses))
        .build();
  }

  @Override
  public void shutdown() {}

  private static final class Provider extends NameResolverProvider {
    private static final int PRIORITY = 5;

    @Override
    protected boolean isAvailable() {
      return true;
    }

    @Override
    protected int priority() {
      return PRIORITY;
    }

    @Override
    public String getDefaultScheme() {
      return SCHEME;
    }

    @Override
    public @Nullable NameResolver newNameResolver(URI target, Args args) {
      if (!SCHEME.equals(target.getScheme())) {
        return null;
      }
      List<ServerAddress> servers =
          List.of(target.getPath().substring(1).split(",")).stream()
              .map(ServerAddress::parse)
              .toList();
      Executor given = args.getOffloadExecutor();
      return new ServerList(servers, given == null ? Executors.newCachedThreadPool() : given);
    }
  }
}
