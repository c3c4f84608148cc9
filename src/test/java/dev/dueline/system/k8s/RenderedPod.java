package dev.dueline.system.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A container of the chart as a process of this machine: with the arguments, the environment and
 * the files that it would have in a cluster, and no others. Its directory stands for the root of
 * the container's file system.
 */
final class RenderedPod {
  private static final Path JAR = Path.of("target/quarkus-app/quarkus-run.jar").toAbsolutePath();
  private static final String MOUNTED = "/etc/dueline/";

  private final Path root;
  private final JsonNode pod;

  /** By kind and name, the files or values that it holds. */
  private final Map<String, Map<String, String>> held = new HashMap<>();

  /**
   * A pod of what was rendered.
   *
   * @param secrets those that the chart refers to and does not make, by name
   */
  RenderedPod(
      Path root, List<JsonNode> objects, JsonNode pod, Map<String, Map<String, String>> secrets) {
    this.root = root;
    this.pod = pod;
    secrets.forEach((name, values) -> held.put("Secret " + name, values));
    for (JsonNode object : objects) {
      String kind = object.at("/kind").asText();
      if (kind.equals("ConfigMap") || kind.equals("Secret")) {
        Map<String, String> values = new HashMap<>();
        object
            .at("/data")
            .properties()
            .forEach(e -> values.put(e.getKey(), text(kind, e.getValue())));
        object.at("/stringData").properties().forEach(e -> values.put(e.getKey(), text(e)));
        held.put(kind + " " + object.at("/metadata/name").asText(), values);
      }
    }
  }

  private static String text(Map.Entry<String, JsonNode> entry) {
    return entry.getValue().asText();
  }

  private static String text(String kind, JsonNode value) {
    return kind.equals("Secret")
        ? new String(Base64.getDecoder().decode(value.asText()), StandardCharsets.UTF_8)
        : value.asText();
  }

  /**
   * Starts a container.
   *
   * @param settings what a cluster would not have to set, such as free ports: {@code key=value}
   * @param more arguments after its own
   */
  Process start(JsonNode container, Path log, List<String> settings, String... more)
      throws IOException {
    mount(container);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Djava.io.tmpdir=" + Files.createDirectories(root.resolve("tmp")));
    settings.forEach(setting -> command.add("-D" + setting));
    command.addAll(List.of("-jar", JAR.toString()));
    container.at("/args").forEach(word -> command.add(word.asText()));
    command.addAll(List.of(more));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().clear();
    for (JsonNode variable : container.at("/env")) {
      builder.environment().put(variable.at("/name").asText(), value(variable));
    }
    Process process = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return process;
  }

  private String value(JsonNode variable) {
    JsonNode reference = variable.at("/valueFrom/secretKeyRef");
    return reference.isMissingNode()
        ? here(variable.at("/value").asText())
        : one(held("Secret " + reference.at("/name").asText()), reference.at("/key").asText());
  }

  private void mount(JsonNode container) throws IOException {
    for (JsonNode mount : container.at("/volumeMounts")) {
      Path directory = root.resolve(mount.at("/mountPath").asText().substring(1));
      Files.createDirectories(directory);
      for (Map.Entry<String, String> file : files(mount.at("/name").asText()).entrySet()) {
        Files.writeString(directory.resolve(file.getKey()), here(file.getValue()));
      }
    }
  }

  /** What a volume holds, by file name. */
  private Map<String, String> files(String volumeName) {
    for (JsonNode volume : pod.at("/volumes")) {
      if (volume.at("/name").asText().equals(volumeName)) {
        if (volume.has("emptyDir")) {
          return Map.of();
        }
        return volume.has("configMap")
            ? held("ConfigMap " + volume.at("/configMap/name").asText())
            : items(volume.at("/secret"));
      }
    }
    throw new IllegalStateException("no volume " + volumeName);
  }

  private Map<String, String> items(JsonNode secret) {
    Map<String, String> all = held("Secret " + secret.at("/secretName").asText());
    if (!secret.has("items")) {
      return all;
    }
    Map<String, String> files = new HashMap<>();
    for (JsonNode item : secret.at("/items")) {
      files.put(item.at("/path").asText(), one(all, item.at("/key").asText()));
    }
    return files;
  }

  private Map<String, String> held(String name) {
    Map<String, String> values = held.get(name);
    if (values == null) {
      throw new IllegalStateException("there is no " + name);
    }
    return values;
  }

  private static String one(Map<String, String> values, String key) {
    String value = values.get(key);
    if (value == null) {
      throw new IllegalStateException("there is no key " + key);
    }
    return value;
  }

  private String here(String text) {
    return text.replace(MOUNTED, root + MOUNTED);
  }
}
