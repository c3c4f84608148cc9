package dev.dueline.grpc.message;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How often the fields of one type of message may occur, those of messages in it included. Fields
 * that the type does not have are not kept by the parser, and so not counted.
 */
final class FieldBounds {
  /** A field that is no list counts once; the last counts, so that a second does no harm. */
  private static final int SINGULAR = 2;

  /** No request goes deeper. */
  private static final int MAX_DEPTH = 8;

  private final int maxFields;
  private final int[] most;
  private final Refusal[] refusals;
  private final @Nullable FieldBounds[] nested;

  private FieldBounds(int[] most, Refusal[] refusals, @Nullable FieldBounds[] nested) {
    this.maxFields = IntStream.of(most).sum();
    this.most = most;
    this.refusals = refusals;
    this.nested = nested;
  }

  /**
   * Those of a type.
   *
   * @param lists most items of each list, by the field's full name
   * @throws IllegalStateException for a list that has no bound
   */
  static FieldBounds of(Descriptor type, Map<String, Integer> lists) {
    return of(type, lists, "", 0);
  }

  private static FieldBounds of(
      Descriptor type, Map<String, Integer> lists, String prefix, int depth) {
    if (depth > MAX_DEPTH) {
      throw new IllegalStateException(type.getFullName() + " is too deep");
    }
    int numbers =
        1 + type.getFields().stream().mapToInt(FieldDescriptor::getNumber).max().orElse(0);
    Refusal[] refusals = new Refusal[numbers];
    @Nullable FieldBounds[] nested = new FieldBounds[numbers];
    int[] most = new int[numbers];
    for (FieldDescriptor field : type.getFields()) {
      int number = field.getNumber();
      most[number] = field.isRepeated() ? most(field, lists) : SINGULAR;
      String path = prefix + field.getName();
      refusals[number] = new Refusal(path, field.isRepeated() ? most[number] : 1);
      if (field.getJavaType() == JavaType.MESSAGE) {
        nested[number] = of(field.getMessageType(), lists, path + ".", depth + 1);
      }
    }
    return new FieldBounds(most, refusals, nested);
  }

  private static int most(FieldDescriptor field, Map<String, Integer> lists) {
    Integer most = lists.get(field.getFullName());
    if (most == null || field.isPackable()) {
      throw new IllegalStateException(field.getFullName() + " has no bound");
    }
    return most;
  }

  /** All that {@link #check} may say. */
  List<Refusal> refusals() {
    List<Refusal> all = new ArrayList<>();
    all.add(Refusal.UNREADABLE);
    collect(all);
    return all;
  }

  private void collect(List<Refusal> all) {
    for (int number = 0; number < refusals.length; number++) {
      if (refusals[number] != null) {
        all.add(refusals[number]);
      }
      FieldBounds inner = nested[number];
      if (inner != null) {
        inner.collect(all);
      }
    }
  }

  /** What is too much in a message, or makes it none; null: nothing that can be seen from here. */
  @Nullable Refusal check(byte[] bytes) {
    return check(new WireReader(bytes), bytes.length);
  }

  private @Nullable Refusal check(WireReader in, int end) {
    int start = in.at();
    int fields = 0;
    while (in.at() < end) {
      int number = in.fieldNumber(end);
      if (number < 0) {
        return Refusal.UNREADABLE;
      }
      boolean isKnown = number < refusals.length && refusals[number] != null;
      if (isKnown && ++fields > maxFields) {
        return excess(in, start);
      }
      FieldBounds inner = isKnown && in.isDelimited() ? nested[number] : null;
      if (inner == null) {
        in.skip();
      } else {
        Refusal refusal = inner.check(in, in.valueEnd());
        if (refusal != null) {
          return refusal;
        }
      }
    }
    return null;
  }

  /** The first field above its bound, of one more than may be in all: there is one. */
  private Refusal excess(WireReader in, int start) {
    int[] counts = new int[refusals.length];
    int end = in.valueEnd();
    in.moveTo(start);
    while (true) {
      int number = in.fieldNumber(end);
      boolean isKnown = number < refusals.length && refusals[number] != null;
      if (isKnown && ++counts[number] > most[number]) {
        return refusals[number];
      }
      in.skip();
    }
  }
}
