package dev.dueline.cli;

import com.google.protobuf.ByteString;
import dev.dueline.cli.text.UsageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Where a payload comes from: the line itself, a file or standard input, only one of them. */
final class PayloadOptions {
  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "PAYLOAD",
      description = "The payload as text; - reads standard input.")
  private @Nullable String text;

  @Option(names = "--file", paramLabel = "FILE", description = "Reads the payload from a file.")
  private @Nullable Path file;

  /**
   * The payload's bytes.
   *
   * @throws UsageException when there are two payloads
   */
  ByteString read(InputStream standardInput) throws IOException {
    if (file != null && text != null) {
      throw new UsageException("PAYLOAD and --file exclude each other");
    }
    if (file != null) {
      return ByteString.copyFrom(Files.readAllBytes(file));
    }
    if (text == null) {
      return ByteString.EMPTY;
    }
    return text.equals("-") ? ByteString.readFrom(standardInput) : ByteString.copyFromUtf8(text);
  }
}
