package dev.dueline.system.abuse.attack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * All attacks at once, in a process of their own that has one core. Its hundreds of threads stand
 * behind everybody else's there: attackers on a machine of their own are never in the way of the
 * service's threads at its scheduler.
 */
public final class AttackProcess implements AutoCloseable {
  private static final Path TASKSET = Path.of("/usr/bin/taskset");
  private static final Path NICE = Path.of("/usr/bin/nice");

  /** What became of each attack, once its time is over. */
  public static final Path LOG = Path.of("target", "attack-process.log");

  private final Process process;

  private AttackProcess(Process process) {
    this.process = process;
  }

  /** Begins; connections are held until it is closed. */
  public static AttackProcess start(Target target, Duration length) throws IOException {
    List<String> command = new ArrayList<>();
    if (Files.exists(TASKSET)) {
      int last = Runtime.getRuntime().availableProcessors() - 1;
      command.addAll(List.of(TASKSET.toString(), "-c", Integer.toString(last)));
    }
    if (Files.exists(NICE)) {
      command.addAll(List.of(NICE.toString(), "-n", "19"));
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx1g", "-cp", classPath(), AttackProcess.class.getName()));
    command.add(Integer.toString(target.port()));
    command.add(Integer.toString(target.consolePort()));
    command.add(Integer.toString(target.managementPort()));
    command.addAll(List.of(target.token(), target.partial(), Long.toString(length.toSeconds())));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(LOG.toFile()).start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return new AttackProcess(process);
  }

  /** Waits until its time is over, and a little more for its start. */
  public void awaitEnd(Duration length) throws InterruptedException {
    process.waitFor(length.toSeconds() + 2, TimeUnit.SECONDS);
  }

  /** CPU time that it has used. */
  public double cpuSeconds() {
    return process.info().totalCpuDuration().map(used -> used.toNanos() / 1e9).orElse(0.0);
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  private static String classPath() {
    String tests = System.getProperty("surefire.test.class.path");
    return tests == null ? System.getProperty("java.class.path") : tests;
  }

  /**
   * Attacks until it is killed; from the end of its time on it only holds what is open.
   *
   * @param arguments port, that of the console, of management, token, partial token, seconds
   */
  public static void main(String[] arguments) throws InterruptedException {
    Target target =
        new Target(
            Integer.parseInt(arguments[0]),
            Integer.parseInt(arguments[1]),
            Integer.parseInt(arguments[2]),
            arguments[3],
            arguments[4]);
    Duration length = Duration.ofSeconds(Long.parseLong(arguments[5]));
    List<Attack> attacks = Attacks.all();
    List<Attacker> attackers = new ArrayList<>();
    for (Attack attack : attacks) {
      attackers.add(Attacker.start(attack, target, length));
    }
    attackers.get(0).awaitEnd();
    for (int i = 0; i < attacks.size(); i++) {
      System.out.println(attacks.get(i) + " " + attackers.get(i).counts());
    }
    Thread.currentThread().join();
  }
}
