package dev.dueline.cli.remote;

import dev.dueline.client.Connection;
import dev.dueline.client.ConnectionSettings;
import dev.dueline.client.ServerAddress;
import java.time.Duration;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Which service to talk to: the options of every command, in any place on its line. */
public final class ConnectionOptions {
  @Option(
      names = "--server",
      paramLabel = "HOST:PORT",
      scope = ScopeType.INHERIT,
      defaultValue = "${env:DUELINE_SERVER:-127.0.0.1:9000}",
      description = "Where the service listens (env DUELINE_SERVER): ${DEFAULT-VALUE}.")
  private ServerAddress server = new ServerAddress("127.0.0.1", 9000);

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      scope = ScopeType.INHERIT,
      defaultValue = "10s",
      description = "How long to wait for an answer: ${DEFAULT-VALUE}.")
  private Duration timeout = Duration.ofSeconds(10);

  @Mixin private final SecurityOptions security = new SecurityOptions();

  /** Makes a connection, which connects with its first call. */
  public Connection open() {
    return Connection.open(settings());
  }

  /** Makes a connection whose callbacks run on its one thread, and must not block it. */
  public Connection openDirect() {
    return Connection.openDirect(settings());
  }

  private ConnectionSettings settings() {
    return security.settings(server, timeout);
  }

  /** Where the service listens. */
  public ServerAddress server() {
    return server;
  }

  /** How long to wait for an answer. */
  public Duration timeout() {
    return timeout;
  }
}
