package dev.dueline.ops.dev;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LifelineTest {
  private static final Supplier<Optional<Long>> SAME_PARENT = () -> Optional.of(17L);

  private final BlockingQueue<String> endings = new LinkedBlockingQueue<>();

  @TempDir Path temp;

  @Test
  void pipesAndSocketsTieAndNothingElseDoes() throws Exception {
    Path pipe = temp.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    assertThat(Lifeline.isTied(pipe)).isTrue();
    Path socket = temp.resolve("socket");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      assertThat(Lifeline.isTied(socket)).isTrue();
    }
    assertThat(Lifeline.isTied(Path.of("/dev/null"))).isFalse();
    assertThat(Lifeline.isTied(Files.createFile(temp.resolve("file")))).isFalse();
    assertThat(Lifeline.isTied(temp.resolve("none"))).isFalse();
  }

  @Test
  void endsWithItsInputWhateverThatBrings() throws Exception {
    PipedOutputStream other = new PipedOutputStream();
    PipedInputStream input = new PipedInputStream(other);
    new Lifeline(input, SAME_PARENT, endings::add).watch();
    other.write(new byte[] {'\n', 4, 0});
    other.flush();
    assertThat(endings).isEmpty();
    other.close();
    assertThat(endings.poll(60, TimeUnit.SECONDS)).contains("standard input");
  }

  @Test
  void endsWithAnInputThatBreaks() throws Exception {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("reset");
          }
        };
    new Lifeline(broken, SAME_PARENT, endings::add).watch();
    assertThat(endings.poll(60, TimeUnit.SECONDS)).contains("standard input");
  }

  @Test
  void endsWithItsParent() throws Exception {
    AtomicReference<Optional<Long>> parent = new AtomicReference<>(Optional.of(17L));
    PipedInputStream open = new PipedInputStream(new PipedOutputStream());
    new Lifeline(open, parent::get, endings::add).watch();
    parent.set(Optional.of(1L));
    assertThat(endings.poll(60, TimeUnit.SECONDS)).contains("the process that started it");
  }
}
