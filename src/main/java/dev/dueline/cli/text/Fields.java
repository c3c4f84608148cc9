package dev.dueline.cli.text;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An answer, field by field, in the contract's names: as one line of values, as a line a field, or
 * as one JSON object. Times are UTC with milliseconds, durations ISO 8601, enums words.
 */
public final class Fields {
  private final List<Field> fields = new ArrayList<>();

  /** Adds a word, a number, a truth or a duration. */
  public Fields add(String name, Object value) {
    return add(name, value, json(value));
  }

  /** Adds the id of a job or the name of a queue. */
  public Fields id(String name, String id) {
    return add(name, IdText.format(id), new JsonPrimitive(id));
  }

  /** Adds a time. */
  public Fields time(String name, Timestamp time) {
    return add(name, TimeText.format(time));
  }

  /** Adds a payload. */
  public Fields payload(ByteString payload) {
    return add("payload", PayloadText.format(payload));
  }

  /** Adds a word that lines do not show. */
  public Fields inJson(String name, String value) {
    fields.add(new Field(name, null, new JsonPrimitive(value)));
    return this;
  }

  /** Adds words by their names that lines do not show. */
  public Fields inJson(String name, Map<String, String> values) {
    JsonObject object = new JsonObject();
    new TreeMap<>(values).forEach(object::addProperty);
    fields.add(new Field(name, null, object));
    return this;
  }

  /** Adds attributes: a field each, or an object in JSON. */
  public Fields attributes(Map<String, String> attributes) {
    new TreeMap<>(attributes)
        .forEach((name, value) -> fields.add(new Field("attribute", name + "=" + value, null)));
    return inJson("attributes", attributes);
  }

  /** Adds each of several values: a field each, or an array in JSON. */
  public Fields each(String name, String plural, List<?> values) {
    JsonArray array = new JsonArray();
    values.forEach(
        value -> {
          array.add(json(value));
          fields.add(new Field(name, value, null));
        });
    if (!array.isEmpty()) {
      fields.add(new Field(plural, null, array));
    }
    return this;
  }

  private Fields add(String name, Object text, JsonElement json) {
    fields.add(new Field(name, text, json));
    return this;
  }

  private static JsonElement json(Object value) {
    if (value instanceof Number number) {
      return new JsonPrimitive(number);
    }
    return value instanceof Boolean truth
        ? new JsonPrimitive(truth)
        : new JsonPrimitive(value.toString());
  }

  /** The values in one line. */
  public String line() {
    return Line.of(
        fields.stream().filter(field -> field.text() != null).map(Field::text).toArray());
  }

  /** A line a field: name, value. */
  public List<String> lines() {
    return fields.stream()
        .filter(field -> field.text() != null)
        .map(field -> Line.of(field.name(), String.valueOf(field.text())))
        .toList();
  }

  /** One JSON object on one line. */
  public String json() {
    JsonObject object = new JsonObject();
    for (Field field : fields) {
      if (field.json() != null) {
        object.add(field.name(), field.json());
      }
    }
    return JsonText.of(object);
  }

  /**
   * One field.
   *
   * @param text what a line shows; null: nothing
   * @param json what JSON has; null: nothing
   */
  private record Field(String name, @Nullable Object text, @Nullable JsonElement json) {}
}
