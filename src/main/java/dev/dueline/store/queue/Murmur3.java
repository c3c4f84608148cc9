package dev.dueline.store.queue;

/**
 * MurmurHash3, x86, 32 bit, seed 0, by Austin Appleby (public domain). It is fixed for ever: it
 * decides where jobs are kept.
 */
final class Murmur3 {
  private static final int C1 = 0xcc9e2d51;
  private static final int C2 = 0x1b873593;

  private Murmur3() {}

  static int hash(byte[] data) {
    int h = 0;
    int blocks = data.length / 4;
    for (int i = 0; i < blocks; i++) {
      h ^= mix(word(data, 4 * i, 4));
      h = Integer.rotateLeft(h, 13) * 5 + 0xe6546b64;
    }
    h ^= mix(word(data, 4 * blocks, data.length % 4));
    h ^= data.length;
    h = (h ^ (h >>> 16)) * 0x85ebca6b;
    h = (h ^ (h >>> 13)) * 0xc2b2ae35;
    return h ^ (h >>> 16);
  }

  private static int mix(int k) {
    return Integer.rotateLeft(k * C1, 15) * C2;
  }

  private static int word(byte[] data, int from, int length) {
    int word = 0;
    for (int i = 0; i < length; i++) {
      word |= (data[from + i] & 0xFF) << (8 * i);
    }
    return word;
  }
}
