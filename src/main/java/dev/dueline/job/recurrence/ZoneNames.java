package dev.dueline.job.recurrence;

import static java.util.stream.Collectors.toMap;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.time.zone.ZoneRulesProvider;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The IANA names of time zones: those of the JDK without its own inventions, with the IANA names
 * that it leaves out.
 */
public final class ZoneNames {
  /** Links of the IANA database that the JDK leaves out, since they once were abbreviations. */
  private static final Map<String, String> LINKS =
      Map.of(
          "EST", "America/Panama",
          "MST", "America/Phoenix",
          "HST", "Pacific/Honolulu",
          "ROC", "Asia/Taipei",
          "GMT+0", "Etc/GMT",
          "GMT-0", "Etc/GMT");

  /** Zones of System V, which IANA never had in its list. */
  private static final String NO_IANA = "SystemV/";

  private static final Set<String> NAMES = names();

  /** Names by what they have in common with how else they are written. */
  private static final Map<String, String> BY_KEY =
      NAMES.stream().collect(toMap(ZoneNames::key, name -> name, (one, other) -> one));

  private static final Pattern OFFSET =
      Pattern.compile(
          "(?:UTC|GMT|UT)?(?<sign>[+-])(?<hours>[0-9]{1,2})(?::?(?<minutes>[0-9]{2}))?");

  private static final String SUCH_AS = "must be the IANA name of a time zone, such as ";

  private static final String UNKNOWN =
      SUCH_AS + "Europe/Berlin, that this server knows, or empty for UTC";

  private ZoneNames() {}

  /**
   * What is wrong with a name.
   *
   * @return for people, with the right name where one can be guessed; empty: it is known
   */
  public static Optional<String> problem(String name) {
    return name.isEmpty() || NAMES.contains(name) ? Optional.empty() : Optional.of(refusal(name));
  }

  /** The rules of a zone; of an empty name, UTC's. Throws what {@link #problem} says. */
  static ZoneRules rules(String name) {
    problem(name)
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException(problem);
            });
    return storedRules(name);
  }

  /** Knows also the zones that are the JDK's own. */
  static ZoneRules storedRules(String name) {
    String known = LINKS.getOrDefault(name, name);
    if (known.isEmpty()) {
      return ZoneOffset.UTC.getRules();
    }
    if (!ZoneRulesProvider.getAvailableZoneIds().contains(known)) {
      throw new IllegalArgumentException("not a time zone that this server knows");
    }
    return ZoneId.of(known).getRules();
  }

  private static Set<String> names() {
    Set<String> names = new TreeSet<>(ZoneRulesProvider.getAvailableZoneIds());
    names.removeIf(name -> name.startsWith(NO_IANA));
    names.addAll(LINKS.keySet());
    return names;
  }

  private static String refusal(String name) {
    if (name.length() > Cron.MAX_ZONE_BYTES) {
      return UNKNOWN;
    }
    String text = name.strip();
    Matcher offset = OFFSET.matcher(text.toUpperCase(Locale.ROOT));
    if (offset.matches()) {
      return ofOffset(offset);
    }
    String right = BY_KEY.get(key(text));
    if (right != null) {
      return "must be written " + right;
    }
    if (text.equalsIgnoreCase("Z") || text.equalsIgnoreCase("UTC0")) {
      return "must be UTC, or empty, which is the same";
    }
    String place = ofPlace(key(text));
    if (place != null) {
      return SUCH_AS + place;
    }
    String shortId = ZoneId.SHORT_IDS.get(text.toUpperCase(Locale.ROOT));
    if (shortId != null || text.matches("[A-Za-z]{2,4}")) {
      return SUCH_AS
          + (shortId != null && NAMES.contains(shortId) ? shortId : "Europe/Berlin")
          + ": an abbreviation is not one, since several zones have it, and part of the year only";
    }
    if (text.toLowerCase(Locale.ROOT).endsWith(" time")) {
      return SUCH_AS + "Europe/Berlin: Windows has names of its own, which are not known here";
    }
    return UNKNOWN;
  }

  /** Names of fixed offsets have the sign of POSIX, which is the other one. */
  private static String ofOffset(Matcher offset) {
    int hours = Integer.parseInt(offset.group("hours"));
    boolean isEast = offset.group("sign").equals("+");
    String name = "Etc/GMT" + (isEast ? "-" : "+") + hours;
    String minutes = offset.group("minutes");
    boolean isWhole = minutes == null || minutes.equals("00");
    if (isWhole && hours == 0) {
      return "must be UTC, or empty, which is the same";
    }
    return isWhole && NAMES.contains(name)
        ? "must be the IANA name of a place, or for a fixed offset %s, whose sign counts westward"
            .formatted(name)
        : SUCH_AS + "Asia/Kolkata: an offset is not one";
  }

  /** The zone of a city without its continent, or of a name with something before it. */
  private static @Nullable String ofPlace(String key) {
    String withoutFirst = BY_KEY.get(key.substring(key.indexOf('/') + 1));
    return BY_KEY.keySet().stream()
        .filter(known -> known.endsWith("/" + key))
        .min(Comparator.comparing(String::length))
        .map(BY_KEY::get)
        .orElse(withoutFirst);
  }

  private static String key(String name) {
    return name.strip().toLowerCase(Locale.ROOT).replaceAll("[ _]+", "_").replace("\\", "/");
  }
}
