package dev.dueline.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** The version that the build wrote into the manifest. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Dueline.class.getPackage().getImplementationVersion();
    return new String[] {"dueline " + Optional.ofNullable(version).orElse("(unpackaged)")};
  }
}
