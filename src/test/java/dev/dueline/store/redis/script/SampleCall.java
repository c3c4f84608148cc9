package dev.dueline.store.redis.script;

import dev.dueline.job.Coded;
import dev.dueline.job.JobId;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.LeaseId;
import dev.dueline.store.redis.layout.IdCodec;
import dev.dueline.store.redis.script.ScriptHead.Argument;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A call made of values that are all different, with the arguments that its components stand for:
 * those of records within it one by one, those of a list as a group that is repeated.
 */
final class SampleCall {
  private final List<Argument> arguments = new ArrayList<>();
  private final List<byte[]> values = new ArrayList<>();
  private final ScriptCall<?> call;
  private int sequence;
  private int position = 2;

  /** Whether the arguments are those of a repetition after the first, and known. */
  private boolean isRepeated;

  SampleCall(Class<? extends ScriptCall<?>> type) {
    call = (ScriptCall<?>) record(type);
  }

  ScriptCall<?> call() {
    return call;
  }

  List<Argument> arguments() {
    return arguments;
  }

  /** What the call must send, from ARGV[2] on. */
  List<byte[]> values() {
    return values;
  }

  private Object record(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      values[i] = value(components[i].getName(), components[i].getGenericType());
    }
    try {
      var constructor =
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class[]::new));
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(type.toString(), e);
    }
  }

  private Object value(String name, Type type) {
    if (type instanceof ParameterizedType list) {
      return list(name, list.getActualTypeArguments()[0]);
    }
    if (type == Shard.class) {
      return new Shard(new QueueName("sample"), 7);
    }
    Class<?> plain = (Class<?>) type;
    boolean isLeaf = !plain.isRecord() || plain == JobId.class || plain == LeaseId.class;
    return isLeaf ? leaf(name, plain) : record(plain);
  }

  private List<Object> list(String name, Type type) {
    int first = arguments.size();
    String singular =
        name.endsWith("s") && !name.endsWith("Ms") ? name.substring(0, name.length() - 1) : name;
    List<Object> items = new ArrayList<>(List.of(value(singular, type)));
    int stride = arguments.size() - first;
    for (int i = first; i < arguments.size(); i++) {
      Argument one = arguments.get(i);
      arguments.set(i, new Argument(one.position(), stride, one.name(), one.unit()));
    }
    isRepeated = true;
    items.add(value(singular, type));
    isRepeated = false;
    return items;
  }

  private Object leaf(String component, Class<?> type) {
    String name = component.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    if (!isRepeated) {
      arguments.add(new Argument(position, 0, name, unit(name, type)));
    }
    position++;
    sequence++;
    Object value = sample(type);
    values.add(encoded(value));
    return value;
  }

  private Object sample(Class<?> type) {
    if (type == JobId.class) {
      return new JobId("id" + sequence);
    } else if (type == LeaseId.class) {
      return new LeaseId(sequence, 2, 3, 4);
    } else if (type == byte[].class) {
      return new byte[] {(byte) sequence};
    } else if (type == String.class) {
      return "text" + sequence;
    } else if (type == boolean.class) {
      return sequence % 2 == 0;
    } else if (type == double.class) {
      return sequence + 0.5;
    } else if (type == int.class) {
      return sequence;
    } else if (type == long.class || type == Long.class) {
      return (long) sequence;
    }
    return type.getEnumConstants()[sequence % type.getEnumConstants().length];
  }

  private static String unit(String name, Class<?> type) {
    if (type == JobId.class) {
      return "id";
    } else if (type == LeaseId.class) {
      return "lease";
    } else if (type == byte[].class) {
      return "binary";
    } else if (type == String.class) {
      return "text";
    } else if (type == boolean.class) {
      return "flag";
    } else if (type == double.class) {
      return "decimal";
    } else if (Coded.class.isAssignableFrom(type)) {
      return "code";
    }
    String[] words = name.split("_", -1);
    String last = words[words.length - 1];
    return last.equals("ms") || last.equals("bytes") ? last : "number";
  }

  private static byte[] encoded(Object value) {
    if (value instanceof JobId id) {
      return IdCodec.pack(id);
    } else if (value instanceof LeaseId id) {
      return id.bytes();
    } else if (value instanceof byte[] bytes) {
      return bytes;
    } else if (value instanceof Boolean is) {
      return text(is ? "1" : "0");
    } else if (value instanceof Coded coded) {
      return text(Integer.toString(coded.code()));
    }
    return text(value.toString());
  }

  private static byte[] text(String value) {
    return value.getBytes(StandardCharsets.UTF_8);
  }
}
