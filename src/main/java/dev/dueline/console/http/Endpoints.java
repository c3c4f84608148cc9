package dev.dueline.console.http;

import java.util.Map;
import java.util.Optional;

/**
 * What is there to be asked for.
 *
 * @param pages answer GET, by path
 * @param actions answer POST, by path
 * @param events tells tabs of news
 */
public record Endpoints(
    Map<String, Endpoint> pages, Map<String, Endpoint> actions, EventStreams events) {
  Optional<Endpoint> find(String path, boolean isPost) {
    return Optional.ofNullable((isPost ? actions : pages).get(path));
  }
}
