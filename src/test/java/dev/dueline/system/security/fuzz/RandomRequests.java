package dev.dueline.system.security.fuzz;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;

/** Requests that a hostile or broken client might send: well formed ones, and ones that are not. */
final class RandomRequests {
  /** Few queues, since each that is named well comes to be. */
  private static final List<String> TEXTS =
      List.of(
          "fuzz-1",
          "fuzz-2",
          "fuzz-1",
          "fuzz-2",
          "not-mine",
          "",
          " ",
          "*",
          "a{b}c",
          "id-1",
          "id-2",
          "x".repeat(129),
          "y".repeat(5_000),
          "\u0000",
          "\uD83D\uDE00\u202E",
          "* * * * *",
          "@hourly",
          "Europe/Berlin",
          "../../etc/passwd",
          "AQVmdXp6LTE",
          "'; FLUSHALL");

  private static final long[] NUMBERS = {
    0, 1, 2, -1, 100, 1_000, 1_001, 59, 253_402_300_800L, Integer.MAX_VALUE, Long.MIN_VALUE
  };
  private static final double[] RATES = {0, 0.5, 1, -1, 1e300, Double.NaN, Double.MIN_VALUE};

  private final SplittableRandom random;

  RandomRequests(SplittableRandom random) {
    this.random = random;
  }

  /** A message of the type, with any fields, or what is left of one. */
  byte[] of(Descriptor type) {
    byte[] sound = message(type, 0).toByteArray();
    return switch (random.nextInt(8)) {
      case 0 -> bytes(random.nextInt(200));
      case 1 -> cut(sound);
      case 2, 3 -> flipped(sound);
      case 4 -> notUtf8();
      default -> sound;
    };
  }

  byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private byte[] cut(byte[] sound) {
    return java.util.Arrays.copyOf(sound, sound.length == 0 ? 0 : random.nextInt(sound.length));
  }

  private byte[] flipped(byte[] sound) {
    byte[] flipped = sound.clone();
    for (int i = 0; flipped.length > 0 && i < 3; i++) {
      flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return flipped;
  }

  /** Field 1 is text in most requests. */
  private byte[] notUtf8() {
    return new byte[] {0x0A, 4, (byte) 0xC3, 0x28, (byte) 0xFF, (byte) 0xFE};
  }

  private DynamicMessage message(Descriptor type, int depth) {
    DynamicMessage.Builder builder = DynamicMessage.newBuilder(type);
    for (FieldDescriptor field : type.getFields()) {
      boolean isNested = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
      if (random.nextInt(100) >= (depth == 0 ? 70 : 40) || (isNested && depth > 3)) {
        continue;
      }
      if (field.isRepeated()) {
        int items = random.nextInt(100) == 0 ? 1_100 : random.nextInt(4);
        for (int i = 0; i < items; i++) {
          builder.addRepeatedField(field, value(field, depth));
        }
      } else {
        builder.setField(field, value(field, depth));
      }
    }
    return builder.build();
  }

  private Object value(FieldDescriptor field, int depth) {
    return switch (field.getJavaType()) {
      case INT -> (int) number();
      case LONG -> number();
      case FLOAT -> (float) RATES[random.nextInt(RATES.length)];
      case DOUBLE -> RATES[random.nextInt(RATES.length)];
      case BOOLEAN -> random.nextBoolean();
      case STRING -> TEXTS.get(random.nextInt(TEXTS.size()));
      case BYTE_STRING -> ByteString.copyFrom(bytes(random.nextInt(2_000)));
      case ENUM -> anyOf(field.getEnumType());
      case MESSAGE -> message(field.getMessageType(), depth + 1);
    };
  }

  private Object anyOf(EnumDescriptor type) {
    return random.nextInt(5) == 0
        ? type.findValueByNumberCreatingIfUnknown(random.nextInt(100, 200))
        : type.getValues().get(random.nextInt(type.getValues().size()));
  }

  private long number() {
    return NUMBERS[random.nextInt(NUMBERS.length)];
  }

  /** What is no token, in many ways. */
  String authorization() {
    return switch (random.nextInt(5)) {
      case 0 -> "Bearer";
      case 1 -> "Bearer " + "z".repeat(random.nextInt(1, 4_000));
      case 2 -> "Basic " + new String(new byte[] {65, 66}, StandardCharsets.US_ASCII);
      case 3 -> "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.";
      default -> "";
    };
  }
}
