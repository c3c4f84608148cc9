package dev.dueline.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;

/** What application.properties tells native-image by name, which no compiler checks. */
class NativeImageTest {
  private static final String INITIALIZED_LATE = "--initialize-at-run-time=";

  @Test
  void classesThatAreInitializedAtRunTimeExist() throws IOException {
    List<String> names = initializedLate();
    assertThat(names).isNotEmpty();
    for (String name : names) {
      assertThatCode(() -> Class.forName(name)).as(name).doesNotThrowAnyException();
    }
  }

  private static List<String> initializedLate() throws IOException {
    Properties properties = new Properties();
    try (InputStream in = NativeImageTest.class.getResourceAsStream("/application.properties")) {
      properties.load(in);
    }
    // A comma in an argument is escaped, since commas stand between arguments.
    String[] arguments =
        properties.getProperty("quarkus.native.additional-build-args-append").split("(?<!\\\\),");
    return Arrays.stream(arguments)
        .filter(argument -> argument.startsWith(INITIALIZED_LATE))
        .flatMap(
            argument -> Arrays.stream(argument.substring(INITIALIZED_LATE.length()).split("\\\\,")))
        .toList();
  }
}
