package dev.dueline.operation.scaling;

/** Why a watch tells nothing any more. */
public enum ActivityEnd {
  /** The replica goes away, or the connection has grown old: another replica tells the rest. */
  LEFT,
  /** The replica was going away before the watch began. */
  DRAINING,
  /** There are as many watches as may be. */
  TOO_MANY
}
