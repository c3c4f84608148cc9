package dev.dueline.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How many files a package may have, {@code package-info} aside: about a dozen can be taken in at
 * once.
 *
 * @param allowances of packages that have more, until they are divided; an allowance only shrinks
 */
record PackageSizes(Map<String, Integer> allowances) {
  private static final int MAX_FILES = 16;

  /** The sizes of all packages below a source folder. */
  static Map<String, Integer> in(Path sources) throws IOException {
    try (Stream<Path> files = Files.walk(sources)) {
      return files
          .filter(file -> file.toString().endsWith(".java") && !file.endsWith("package-info.java"))
          .collect(
              Collectors.groupingBy(
                  file -> sources.relativize(file.getParent()).toString().replace('/', '.'),
                  TreeMap::new,
                  Collectors.summingInt(file -> 1)));
    }
  }

  /** What is wrong: packages that are too large, and allowances that none needs. */
  List<String> violations(Map<String, Integer> sizes) {
    Stream<String> large =
        sizes.entrySet().stream()
            .filter(each -> each.getValue() > allowances.getOrDefault(each.getKey(), MAX_FILES))
            .map(each -> each.getKey() + " has " + each.getValue() + " files");
    Stream<String> unused =
        allowances.keySet().stream()
            .filter(name -> sizes.getOrDefault(name, 0) <= MAX_FILES)
            .sorted()
            .map(name -> name + " needs no allowance");
    return Stream.concat(large, unused).toList();
  }
}
