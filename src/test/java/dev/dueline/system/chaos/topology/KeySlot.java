package dev.dueline.system.chaos.topology;

import java.nio.charset.StandardCharsets;

/** Which slot of a cluster a key is in, by the specification of Redis Cluster. */
final class KeySlot {
  private static final int SLOTS = 16_384;
  private static final int POLYNOMIAL = 0x1021;

  private KeySlot() {}

  static int of(String key) {
    int open = key.indexOf('{');
    int close = key.indexOf('}', open + 1);
    String hashed = open >= 0 && close > open + 1 ? key.substring(open + 1, close) : key;
    int crc = 0;
    for (byte each : hashed.getBytes(StandardCharsets.UTF_8)) {
      crc ^= (each & 0xff) << 8;
      for (int bit = 0; bit < 8; bit++) {
        crc = ((crc & 0x8000) == 0 ? crc << 1 : crc << 1 ^ POLYNOMIAL) & 0xffff;
      }
    }
    return crc % SLOTS;
  }
}
