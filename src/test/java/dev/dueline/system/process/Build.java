package dev.dueline.system.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The packaged service as something to start: a jar, or the binary that {@code -Dnative} makes.
 *
 * @param file the jar, or the binary
 */
record Build(Path file) {
  /** The name that Quarkus gives the property; the profile {@code native} sets it. */
  private static final String BINARY = System.getProperty("native.image.path");

  /**
   * Half the CPU of a start, and no compilers beside what is tested; for whoever names no other.
   */
  private static final List<String> QUICK_START =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  /** What the build that runs these tests has packaged. */
  static Build current() {
    return new Build(Path.of(BINARY == null ? "target/quarkus-app/quarkus-run.jar" : BINARY));
  }

  /** Whether it needs a JVM, which can be asked what it holds. */
  boolean isJar() {
    return file.toString().endsWith(".jar");
  }

  /**
   * The command that starts it.
   *
   * @param settings configuration, as {@code key=value}, and options of the JVM
   */
  List<String> command(List<String> settings) {
    boolean isJar = isJar();
    List<String> command = new ArrayList<>();
    command.add(
        isJar
            ? Path.of(System.getProperty("java.home"), "bin", "java").toString()
            : file.toString());
    if (isJar && settings.stream().noneMatch(setting -> setting.startsWith("-XX:"))) {
      command.addAll(QUICK_START);
    }
    for (String setting : settings) {
      if (!setting.startsWith("-X")) {
        command.add("-D" + setting);
      } else if (isJar || !setting.startsWith("-XX:")) {
        // A binary knows the sizes of the heap, but neither collectors nor compilers to choose.
        command.add(setting);
      }
    }
    if (isJar) {
      command.addAll(List.of("-jar", file.toString()));
    }
    return command;
  }
}
