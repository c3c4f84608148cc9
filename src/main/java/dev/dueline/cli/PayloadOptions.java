package dev.dueline.cli;

import com.google.protobuf.ByteString;
import dev.dueline.cli.text.UsageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a payload comes from: the line itself, a file or standard input, only one of them. */
final class PayloadOptions {
  @Option(names = "--file", paramLabel = "FILE", description = "Reads the payload from a file.")
  private @Nullable Path file;

  /**
   * The payload's bytes; the text is what the line gave, - for standard input.
   *
   * @throws UsageException when there are two payloads
   */
  ByteString read(@Nullable String text, InputStream standardInput) throws IOException {
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
