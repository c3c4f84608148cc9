package dev.dueline.store.redis.script;

import java.util.List;

/**
 * One call of a script. The components of the record that implements it are the script's arguments
 * in their order, under the names that the script's head gives them; a test compares the two.
 *
 * @param <R> what the reply says
 */
public interface ScriptCall<R> {
  /** Which script. */
  Script script();

  /** KEYS, all of one slot. */
  List<byte[]> keys();

  /** Adds ARGV[2] and those behind it. */
  void addTo(Arguments arguments);

  /** Reads the reply, as the script's head promises it. */
  R read(Reply reply);
}
