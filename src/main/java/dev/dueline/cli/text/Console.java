package dev.dueline.cli.text;

import java.io.InputStream;
import java.io.PrintWriter;

/**
 * What a command reads and writes.
 *
 * @param in where a payload may come from
 * @param out answers
 * @param err whatever else there is to say
 */
public record Console(InputStream in, PrintWriter out, PrintWriter err) {
  /** Says one thing that is no answer. */
  public void note(String line) {
    err.println("dueline: " + Line.clean(line));
    err.flush();
  }
}
