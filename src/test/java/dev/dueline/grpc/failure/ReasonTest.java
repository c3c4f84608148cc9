package dev.dueline.grpc.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the contract and {@code docs/errors.md} say of reasons is what the code knows. */
class ReasonTest {
  private static final Path CONTRACT = Path.of("proto/dueline/v1");
  private static final Path TABLE = Path.of("docs/errors.md");

  /** In a comment: a code, two spaces or more, and reasons. */
  private static final Pattern LISTED = Pattern.compile("//   ([A-Z_]+) {2,}([A-Z_, ]+)");

  private static final Pattern RPC = Pattern.compile("rpc (\\w+)\\(.*");
  private static final Pattern ROW =
      Pattern.compile("\\| `([A-Z_]+)` \\| `([A-Z_]+)`(.*?) \\| ([^|]+) \\|.*");

  /** Of a call that is not named: listed with the service, for all. */
  private static final String EVERY = "every";

  /** A row of the table, or what the contract says. */
  private record Entry(String reason, Set<String> codes, Set<String> calls) {}

  @Test
  void eachHasARowWithItsCodeAndTheCallsThatTheContractNames() throws IOException {
    assertThat(documented()).containsExactlyInAnyOrderElementsOf(contract());
  }

  @Test
  void theyAreThoseOfTheCode() throws IOException {
    Map<String, String> codes =
        Stream.of(Reason.values()).collect(Collectors.toMap(Enum::name, r -> r.code().name()));
    assertThat(documented()).extracting(Entry::reason).containsExactlyElementsOf(names());
    assertThat(documented())
        .allSatisfy(entry -> assertThat(entry.codes()).contains(codes.get(entry.reason())));
  }

  private static List<String> names() {
    return Stream.of(Reason.values()).map(Enum::name).toList();
  }

  private static List<Entry> documented() throws IOException {
    List<Entry> rows = new ArrayList<>();
    for (String line : Files.readAllLines(TABLE)) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        Set<String> codes = new TreeSet<>(Set.of(row.group(2)));
        Matcher other = Pattern.compile("`([A-Z_]+)`").matcher(row.group(3));
        other.results().forEach(found -> codes.add(found.group(1)));
        rows.add(new Entry(row.group(1), codes, new TreeSet<>(List.of(row.group(4).split(", ")))));
      }
    }
    return rows;
  }

  /** By the comments of calls, and of the service. */
  private static List<Entry> contract() throws IOException {
    Map<String, Entry> entries = new TreeMap<>();
    for (String file : List.of("scheduler.proto", "queue.proto")) {
      Map<String, List<String>> above = new TreeMap<>();
      for (String text : Files.readAllLines(CONTRACT.resolve(file))) {
        String line = text.strip();
        Matcher listed = LISTED.matcher(line);
        Matcher rpc = RPC.matcher(line);
        if (listed.matches()) {
          above
              .computeIfAbsent(listed.group(1), code -> new ArrayList<>())
              .addAll(List.of(listed.group(2).split(", ")));
        } else if (rpc.matches() || line.startsWith("service ")) {
          add(entries, above, rpc.matches() ? rpc.group(1) : EVERY);
          above.clear();
        }
      }
    }
    return List.copyOf(entries.values());
  }

  private static void add(
      Map<String, Entry> entries, Map<String, List<String>> above, String call) {
    above.forEach(
        (code, reasons) ->
            reasons.forEach(
                reason -> {
                  Entry entry =
                      entries.computeIfAbsent(
                          reason, name -> new Entry(name, new TreeSet<>(), new TreeSet<>()));
                  entry.codes().add(code);
                  entry.calls().add(call);
                }));
  }
}
