package dev.dueline.system.faults.agent;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import dev.dueline.system.process.ServiceProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * {@link FaultAgent} as a jar, which is loaded into a service that was started as always.
 *
 * @param file the jar
 */
public record AgentJar(Path file) {
  private static final Attributes.Name AGENT_CLASS = new Attributes.Name("Agent-Class");

  /** For a JVM to answer, in ms: its signal thread may wait for seconds on a busy machine. */
  private static final String TIMEOUT = "sun.tools.attach.attachTimeout";

  /** Writes the jar into a directory. */
  public static AgentJar in(Path directory) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(AGENT_CLASS, FaultAgent.class.getName());
    String entry = FaultAgent.class.getName().replace('.', '/') + ".class";
    Path file = directory.resolve("fault-agent.jar");
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file), manifest);
        InputStream bytes = FaultAgent.class.getResourceAsStream("/" + entry)) {
      jar.putNextEntry(new JarEntry(entry));
      bytes.transferTo(jar);
      jar.closeEntry();
    }
    return new AgentJar(file);
  }

  /** Begins a fault in a service, and returns. */
  public void begin(ServiceProcess service, String fault)
      throws IOException,
          AttachNotSupportedException,
          AgentLoadException,
          AgentInitializationException {
    System.setProperty(TIMEOUT, "60000");
    VirtualMachine vm = VirtualMachine.attach(String.valueOf(service.pid()));
    try {
      vm.loadAgent(file.toAbsolutePath().toString(), fault);
    } finally {
      vm.detach();
    }
  }
}
