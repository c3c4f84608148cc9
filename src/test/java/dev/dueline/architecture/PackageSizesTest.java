package dev.dueline.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Holds how many files a package has, and shows that it can fail. */
class PackageSizesTest {
  private static final PackageSizes HOUSE = new PackageSizes(Map.of());

  @Test
  void noPackageIsTooLarge() throws IOException {
    assertThat(HOUSE.violations(PackageSizes.in(Path.of("src/main/java")))).isEmpty();
  }

  @Test
  void reportsALargePackageAndAnAllowanceThatGrewOrIsNotNeeded() {
    PackageSizes house = new PackageSizes(Map.of("grown", 20, "shrunk", 20, "gone", 20));
    Map<String, Integer> sizes = Map.of("small", 16, "large", 17, "grown", 21, "shrunk", 16);
    assertThat(house.violations(sizes))
        .containsExactlyInAnyOrder(
            "large has 17 files",
            "grown has 21 files",
            "gone needs no allowance",
            "shrunk needs no allowance");
  }
}
