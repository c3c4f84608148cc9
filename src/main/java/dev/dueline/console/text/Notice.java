package dev.dueline.console.text;

import java.util.Locale;
import java.util.Optional;

/**
 * What an action did, as the page after it says. It travels in the URL of that page, and so is one
 * of a few sentences and a number: nobody can make a page say what they like.
 */
public enum Notice {
  SCHEDULED("The job is scheduled."),
  UNCHANGED("This very job was scheduled already."),
  CANCELED("Canceled: %d."),
  MOVED("Due at another time: %d."),
  REDRIVEN("Due again: %d dead jobs."),
  PAUSED("Deliveries are held back."),
  RESUMED("Deliveries go on."),
  LIMITED("The limits are set."),
  PURGING("The purge has begun."),
  DELETED("The queue is deleted, with %d jobs."),
  GOES_ON("That takes a while and goes on. The log says when it is done.");

  private final String text;

  Notice(String text) {
    this.text = text;
  }

  /** A URL with this notice. */
  public String on(String url, long number) {
    return url
        + (url.indexOf('?') < 0 ? '?' : '&')
        + "notice="
        + name().toLowerCase(Locale.ROOT)
        + "&number="
        + number;
  }

  /** The sentence that a URL asks for; empty: none. */
  public static Optional<String> text(String name, String number) {
    for (Notice each : values()) {
      if (each.name().toLowerCase(Locale.ROOT).equals(name)) {
        return number.matches("[0-9]{1,18}")
            ? Optional.of(each.text.formatted(Long.parseLong(number)))
            : Optional.empty();
      }
    }
    return Optional.empty();
  }
}
