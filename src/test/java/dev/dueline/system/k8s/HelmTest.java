package dev.dueline.system.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The programs of Helm that this machine may have, {@code helm} and those of its versions 3 and 4,
 * render the same as the library with which the other tests do.
 */
class HelmTest {
  static Stream<Arguments> matrix() throws IOException {
    List<Path> matrix = Chart.matrix();
    return Stream.of("helm", "helm3", "helm4")
        .flatMap(program -> matrix.stream().map(values -> Arguments.of(program, values)));
  }

  @ParameterizedTest
  @MethodSource("matrix")
  void rendersTheSame(String program, Path values) throws Exception {
    Tool.Result rendered =
        Tool.run(
            Path.of("."),
            program,
            "template",
            "dueline",
            Chart.DIRECTORY.toString(),
            "--namespace",
            Chart.NAMESPACE,
            "--kube-version",
            "1.30.0",
            "--values",
            values.toString());
    assertThat(rendered.code()).as(rendered.output()).isZero();
    // The library leaves hooks out: their annotations are renamed for it.
    String text = rendered.output().replace("helm.sh/hook", "dueline.dev/hook");
    assertThat(Chart.parse(text)).containsExactlyInAnyOrderElementsOf(Chart.objects(values));
  }
}
